const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6}));/g;

/** Replaces the five entities of XML and numeric references; all others stand for themselves. */
export function decodeXmlEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (whole, name: string | undefined, decimal?: string, hex?: string) => {
    if (name !== undefined) return ENTITIES.get(name) ?? whole;
    const codePoint = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? '', 16);
    return isCharacter(codePoint) ? String.fromCodePoint(codePoint) : '\ufffd';
  });
}

function isCharacter(codePoint: number): boolean {
  if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) return false;
  return codePoint >= 0x20 || codePoint === 9 || codePoint === 10 || codePoint === 13;
}
