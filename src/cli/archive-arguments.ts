import type { PartialSettings } from '../api.ts';
import type { OutputWords } from './feed-arguments.ts';
import { UsageError } from './usage-error.ts';

/** The words behind `-o` and `-O`, sorted. */
export interface ArchiveArguments {
  /** Settings of the archive; empty where none is named. */
  readonly archive: PartialSettings;
  /** The words that name outputs of items. */
  readonly outputs: OutputWords;
}

const ARCHIVE = /\.warc(\.gz)?$/i;

/**
 * Takes `FILE.warc` and `FILE.warc.gz` out of the outputs: they take exchanges, not items.
 *
 * @throws UsageError when two archives are named.
 */
export function archiveArguments({ append, overwrite }: OutputWords): ArchiveArguments {
  const isArchive = (word: string): boolean => ARCHIVE.test(word);
  const isOutput = (word: string): boolean => !isArchive(word);
  const [first, second] = [...append, ...overwrite].filter(isArchive);
  if (second !== undefined) {
    throw new UsageError(
      `${first} and ${second} are both archives`,
      'A crawl writes one .warc or .warc.gz file.',
    );
  }
  const warcIfExists = append.some(isArchive) ? 'append' : 'overwrite';
  return {
    archive: first === undefined ? {} : { warcFile: first, warcIfExists },
    outputs: { append: append.filter(isOutput), overwrite: overwrite.filter(isOutput) },
  };
}
