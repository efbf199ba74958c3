import type { Output, SpiderOutput } from '../contracts/spider.ts';
import { type CsvLimits, type CsvRow, csvRows } from '../extract/csv-rows.ts';
import { markSpiderBase } from '../spider/spider.ts';
import type { ItemRecord } from '../values/item.ts';
import type { Response } from '../values/response.ts';
import { FeedSpider } from './feed-spider.ts';

const MOST_WARNINGS = 10;

/**
 * Reads CSV feeds row by row. Set `startUrls` and write `parseRow`. A row with more or fewer cells than there are
 * headers is left out: the first ten of a file are logged, all are counted as `csvfeed/rows_ignored`. Do not override
 * `parse`. Scrapy's CSVFeedSpider.
 */
export abstract class CsvFeedSpider<
  Item extends object = ItemRecord,
  Args extends object = Record<string, unknown>,
> extends FeedSpider<Item, Args> {
  static {
    markSpiderBase(CsvFeedSpider);
  }

  /** One character between cells. */
  delimiter = ',';
  /** One character around cells that hold a delimiter, a line end or the character itself, there doubled. */
  quotechar = '"';
  /** Names of the columns where the file has none. Empty: its first row names them. */
  headers: readonly string[] = [];
  /** What one row may hold; a feed beyond it ends with a `CsvError` at that row. */
  limits: CsvLimits = {};

  /** What one row gives. `row` has no prototype, so a column may bear any name. */
  abstract parseRow(response: Response, row: CsvRow): SpiderOutput<Item>;

  /** Reads a feed: the callback of requests that name none. */
  override async *parse(response: Response): AsyncGenerator<Output<Item>, void, undefined> {
    const adapted = await this.adaptResponse(response);
    const { delimiter, quotechar: quote, headers, limits } = this;
    let ignored = 0;
    const rows = csvRows(adapted.text, {
      ...limits,
      delimiter,
      quote,
      headers,
      onMisfit: ({ row, cells, headers: wanted }) => {
        ignored += 1;
        this.stats.inc('csvfeed/rows_ignored');
        if (ignored <= MOST_WARNINGS)
          this.logger.warn(`row ${row} left out: it has ${cells} cells, the headers are ${wanted}`, {
            url: adapted.url,
          });
      },
    });
    yield* this.outputsOf(adapted, rows, (row) => this.parseRow(adapted, row));
  }
}
