import type { FeedOptions } from '../api.ts';
import { unpackedName } from '../values/packed-name.ts';
import { UsageError } from './usage-error.ts';

/** Formats by all their names; others are the project's own, and looked for once its settings are known. */
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
 * @throws UsageError on a name that tells no format or a file that is named twice.
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
  if (colon > 0 && /^[a-z][\w-]+$/i.test(suffix))
    return { target: word.slice(0, colon), format: formatOf(suffix) };
  if (word === '') throw new UsageError(`${option} needs a file name`);
  if (word === '-') return { target: word, format: 'jsonl' };
  const extension = /\.([a-z0-9]+)$/i.exec(unpackedName(word))?.[1];
  if (extension === undefined) {
    throw new UsageError(
      `${option} ${word}: the name does not tell the format`,
      `Add it: ${option} ${word}:csv`,
    );
  }
  return { target: word, format: formatOf(extension) };
}

function formatOf(name: string): string {
  return FORMATS.get(name.toLowerCase()) ?? name;
}
