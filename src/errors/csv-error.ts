import { CrawlError } from './crawl-error.ts';

/** A CSV text goes beyond a limit of `csvRows`: a cell or a row is too long, or a row has too many cells. */
export class CsvError extends CrawlError {
  readonly code = 'ERR_CRAWL_CSV';
  /** Counted from 1, with the header, without blank lines. */
  readonly row: number;

  constructor(row: number, problem: string, options?: ErrorOptions) {
    super(`CSV row ${row}: ${problem}`, options);
    this.row = row;
  }
}
