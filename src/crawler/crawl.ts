import type { Feed, FeedResult } from '../contracts/feed.ts';
import type { SpiderClass } from '../spider/spider.ts';
import { appendAll } from '../values/append-all.ts';
import type { ItemRecord } from '../values/item.ts';
import { Crawler, type CrawlOptions, type CrawlResult } from './crawler.ts';

/** A crawl whose items are read in a loop. */
export interface Crawl<Item extends object> extends AsyncIterable<Item> {
  /** What the crawl came to; starts it if nobody reads. */
  readonly result: Promise<CrawlResult>;
  /** Ends the crawl in order. */
  stop(reason?: string): void;
}

/** Items that may wait for the reader. */
const MOST_WAITING = 100;

/**
 * Crawls, and gives the items as they are committed: `for await (const item of crawl(MySpider))`. The crawl
 * goes only as fast as the loop reads; leaving the loop ends the crawl in order. A fault that ended the crawl
 * is thrown after the last item.
 */
export function crawl<Item extends object = ItemRecord, Args extends object = Record<string, unknown>>(
  spider: SpiderClass<Item, Args>,
  options: CrawlOptions<Args> = {},
): Crawl<Item> {
  const reader = new ItemReader<Item>();
  const crawler = new Crawler(spider, { ...options, feeds: [...(options.feeds ?? []), reader] });
  let running: Promise<CrawlResult> | undefined;
  const run = (): Promise<CrawlResult> => {
    if (running === undefined) {
      running = crawler.run().finally(() => reader.end());
      running.catch(() => {});
    }
    return running;
  };
  return {
    get result() {
      reader.ignore();
      return run();
    },
    stop: (reason) => crawler.stop(reason),
    async *[Symbol.asyncIterator]() {
      const result = run();
      try {
        yield* reader.read();
      } finally {
        reader.ignore();
        crawler.stop('reader_left');
        await Promise.allSettled([result]);
      }
      const { error } = await result;
      if (error !== undefined) throw error;
    },
  };
}

/** A feed that is read by a loop instead of written. */
class ItemReader<Item extends object> implements Feed {
  readonly uri = 'items';
  readonly format = 'objects';
  #waiting: Item[] = [];
  #count = 0;
  #isRead = true;
  #isEnded = false;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;

  async open(): Promise<void> {}

  write(items: readonly ItemRecord[]): Promise<void> | undefined {
    this.#count += items.length;
    if (!this.#isRead) return undefined;
    appendAll(this.#waiting, items as readonly object[] as readonly Item[]);
    this.#wakeReader?.();
    if (this.#waiting.length <= MOST_WAITING) return undefined;
    return new Promise((resolve) => {
      const before = this.#wakeWriter;
      this.#wakeWriter = () => {
        before?.();
        resolve();
      };
    });
  }

  async close(): Promise<FeedResult> {
    this.end();
    return { uri: this.uri, format: this.format, items: this.#count, bytes: 0 };
  }

  /** Items are no longer kept for a reader. */
  ignore(): void {
    this.#isRead = false;
    this.#waiting = [];
    this.#letWriterGo();
  }

  /** No more items come. */
  end(): void {
    this.#isEnded = true;
    this.#wakeReader?.();
  }

  async *read(): AsyncGenerator<Item, void> {
    for (;;) {
      const items = this.#waiting;
      this.#waiting = [];
      this.#letWriterGo();
      yield* items;
      if (this.#waiting.length > 0) continue;
      if (this.#isEnded) return;
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
  }

  #letWriterGo(): void {
    this.#wakeWriter?.();
    this.#wakeWriter = undefined;
  }
}
