import type { FeedOptions } from '../api.ts';
import { unpackedName } from '../values/packed-name.ts';
import { UsageError } from './usage-error.ts';

const FORMATS: ReadonlyMap<string, string> = new Map([
  ['json', 'json'],
  ['jsonl', 'jsonl'],
  ['jsonlines', 'jsonl'],
  ['jl', 'jsonl'],
  ['ndjson', 'jsonl'],
  ['csv', 'csv'],
  ['xml', 'xml'],
]);

/** The words behind `-o` and `-O`. */
export interface OutputWords {
  readonly append: readonly string[];
  readonly overwrite: readonly string[];
}

/**
 * The feeds that `-o FILE[:FORMAT]` (append) and `-O FILE[:FORMAT]` (overwrite) name; `-` is standard output.
 * Behind the format's extension `.gz`, `.br` or `.zst` may stand.
 *
 * @throws UsageError on an unknown format or a file that is named twice.
 */
export function feedArguments({ append, overwrite }: OutputWords): Record<string, FeedOptions> {
  const feeds = new Map<string, FeedOptions>();
  const add = (option: string, ifExists: 'append' | 'overwrite', word: string) => {
    const { target, format } = splitFormat(option, word);
    if (feeds.has(target))
      throw new UsageError(`${target} is named twice as an output`, 'Name each output once.');
    feeds.set(target, { format, ifExists });
  };
  for (const word of append) add('-o', 'append', word);
  for (const word of overwrite) add('-O', 'overwrite', word);
  return Object.fromEntries(feeds);
}

function splitFormat(option: string, word: string): { target: string; format: string } {
  const colon = word.lastIndexOf(':');
  const suffix = word.slice(colon + 1);
  // `C:\items.csv` and `s3://bucket/items.csv` hold a colon too, but nothing like a format behind it.
  if (colon > 0 && /^[a-z]{2,12}$/i.test(suffix)) {
    const target = word.slice(0, colon);
    return { target, format: known(option, word, suffix) };
  }
  if (word === '') throw new UsageError(`${option} needs a file name`);
  if (word === '-') return { target: word, format: 'jsonl' };
  const extension = /\.([a-z0-9]+)$/i.exec(unpackedName(word))?.[1];
  if (extension === undefined) {
    throw new UsageError(
      `${option} ${word}: the name does not tell the format`,
      `Add it: ${option} ${word}:csv`,
    );
  }
  return { target: word, format: known(option, word, extension) };
}

function known(option: string, word: string, name: string): string {
  const format = FORMATS.get(name.toLowerCase());
  if (format !== undefined) return format;
  throw new UsageError(
    `${option} ${word}: there is no format "${name}"`,
    `Formats are json, jsonl, csv and xml; name one behind a colon where the extension does not: ${option} FILE:jsonl`,
  );
}
