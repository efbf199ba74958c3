/**
 * What a terminal would obey instead of showing: control characters, marks that reorder or hide text, separators
 * that some take for line ends, halves of characters.
 */
const NOT_SHOWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text from the web so that it can be shown on a terminal as one line: what would move the cursor, change
 * colours, titles or the clipboard, or turn the reading order round is spelled out (`\x1b`, `\u202e`).
 */
export function escapeTerminal(text: string): string {
  return text.replace(NOT_SHOWN, (character) => SHORT[character] ?? spelled(character));
}

/** JSON text with the same characters as JSON escapes, so that it stays one line of plain characters. */
export function escapeJsonText(json: string): string {
  return json.replace(NOT_SHOWN, (character) =>
    Array.from({ length: character.length }, (_, at) => `\\u${hex(character.charCodeAt(at), 4)}`).join(''),
  );
}

function spelled(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\u{${code.toString(16)}}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
