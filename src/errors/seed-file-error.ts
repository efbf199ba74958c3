import { CrawlError } from './crawl-error.ts';

/** Seeds cannot be read any more: their file is damaged, or no longer what a job has read the beginning of. */
export class SeedFileError extends CrawlError {
  readonly code = 'ERR_CRAWL_SEEDS';
  readonly source: string;

  constructor(source: string, problem: string, options?: ErrorOptions) {
    super(`seeds ${source}: ${problem}`, options);
    this.source = source;
  }
}
