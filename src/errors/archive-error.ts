import { CrawlError } from './crawl-error.ts';

/** A web archive (WARC) cannot be read: it is missing, cut, damaged or in a form that is not known. */
export class ArchiveError extends CrawlError {
  readonly code = 'ERR_CRAWL_ARCHIVE';
  /** Byte of the file where it is; undefined: the file as a whole. */
  readonly offset: number | undefined;
  /** Whether the file ends within a record, as after a crash of its writer. */
  readonly isCut: boolean;

  constructor(
    file: string,
    problem: string,
    { offset, isCut = false, ...options }: ErrorOptions & { offset?: number; isCut?: boolean } = {},
  ) {
    super(`${file}${offset === undefined ? '' : `, byte ${offset}`}: ${problem}`, options);
    this.offset = offset;
    this.isCut = isCut;
  }
}
