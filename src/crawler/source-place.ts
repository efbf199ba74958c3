import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

/** What a file becomes; the end of it is a comment with the map back. */
export type TransformWithMap = (source: string, filename: string) => string;

/** jiti wraps a file into this function, which shifts its first line. */
const WRAPPER =
  '(async function (exports, require, module, __filename, __dirname, jitiImport, jitiESMResolve) {';

/**
 * The place in a file as it was written, for a place in what the transpiler made of it: lines are the same, columns
 * are not. Where it cannot be found it is the line alone.
 */
export function sourcePlace(place: string, transform: TransformWithMap): string {
  const [, file = place, line = '', column = ''] = /^(.+):(\d+):(\d+)$/.exec(place) ?? [];
  try {
    const code = transform(readFileSync(file, 'utf8'), file);
    const map = /\/\/# sourceMappingURL=data:application\/json;[^,]*base64,(\S+)\s*$/.exec(code)?.[1] ?? '';
    const sourceMap = new SourceMap(JSON.parse(Buffer.from(map, 'base64').toString()));
    const shift = line === '1' ? WRAPPER.length : 0;
    const entry = sourceMap.findEntry(Number(line) - 1, Number(column) - 1 - shift);
    if ('originalLine' in entry && entry.originalLine === Number(line) - 1)
      return `${file}:${line}:${entry.originalColumn + 1}`;
  } catch {
    // It is for a message about another fault.
  }
  return `${file}:${line}`;
}
