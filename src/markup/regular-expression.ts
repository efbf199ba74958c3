import { QueryCache } from './query-cache.ts';
import { SelectorError } from './selector-error.ts';

const compiled = new QueryCache((key: string) => {
  const at = key.indexOf('/');
  const flags = key.slice(0, at);
  const source = key.slice(at + 1);
  try {
    return new RegExp(source, flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SelectorError(source, reason, undefined, { cause: error });
  }
});

/**
 * A regular expression from its text. Python's named groups `(?P<name>…)` are understood, and the flags `i`,
 * `s` and `m` at its beginning, as in `(?i)next`. Throws {@link SelectorError} when it can't be read.
 */
export function regularExpression(source: string, flags: string): RegExp {
  const inline = /^\(\?([ims]+)\)/.exec(source);
  const all = new Set([...flags, ...(inline?.[1] ?? '')]);
  const pattern = source.slice(inline?.[0].length ?? 0).replaceAll('(?P<', '(?<');
  return compiled.get(`${[...all].join('')}/${pattern}`);
}
