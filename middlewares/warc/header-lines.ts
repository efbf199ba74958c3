import { HeaderMap } from '../../src/api.ts';

/** A first line and the headers below it, of a WARC record or of HTTP. Lines that are no headers are left out. */
export function parseHead(head: string): { readonly firstLine: string; readonly headers: HeaderMap } {
  const [firstLine = '', ...lines] = head.split(/\r?\n/);
  const pairs: [string, string][] = [];
  for (const line of lines) {
    const last = pairs.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) {
      last[1] = `${last[1]} ${line.trim()}`.trim();
      continue;
    }
    const colon = line.indexOf(':');
    if (colon > 0) pairs.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return { firstLine, headers: new HeaderMap(pairs) };
}
