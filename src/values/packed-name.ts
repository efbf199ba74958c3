/** How an output is packed. */
export type PackingName = 'gzip' | 'brotli' | 'zstd';

const ENDINGS: readonly (readonly [RegExp, PackingName])[] = [
  [/\.gz$/i, 'gzip'],
  [/\.br$/i, 'brotli'],
  [/\.zst$/i, 'zstd'],
];
const OTHER_ENDING = /\.(bz2|xz|lzma)$/i;

/** The packing that the end of a name asks for: `items.csv.gz`. */
export function packingOfName(name: string): PackingName | undefined {
  return ENDINGS.find(([ending]) => ending.test(name))?.[1];
}

/** The end of a name that asks for a packing which Node does not have: `bz2`. */
export function foreignPackingOfName(name: string): string | undefined {
  return OTHER_ENDING.exec(name)?.[1];
}

/** A name without what says how it is packed. */
export function unpackedName(name: string): string {
  return ENDINGS.reduce((left, [ending]) => left.replace(ending, ''), name.replace(OTHER_ENDING, ''));
}
