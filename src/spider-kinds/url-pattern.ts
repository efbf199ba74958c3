/**
 * Whether addresses fit a pattern. With a `*`, which stands for any text, it must fit the whole of the path with its
 * query, or of the address where it begins with `http`; without one it must stand somewhere in the address.
 */
export function urlPattern(pattern: string): (url: string) => boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return (url) => url.includes(pattern);
  const isWhole = /^https?:/i.test(pattern) || pattern.startsWith('*://');
  return (url) => fits(isWhole ? url : pathOf(url), parts);
}

/** One look-up for each part: an expression could take the square of the address and more. */
function fits(text: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

function pathOf(url: string): string {
  const { pathname = url, search = '' } = URL.parse(url) ?? {};
  return pathname + search;
}
