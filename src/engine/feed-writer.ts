import { isPromise } from '../chain/is-promise.ts';
import type { Feed, FeedResult } from '../contracts/feed.ts';
import type { ItemRecord } from '../values/item.ts';
import type { Closing } from './closing.ts';

/** Hands committed items to every feed, in commit order, and knows whether one is behind. */
export class FeedWriter {
  readonly #feeds: readonly Feed[];
  readonly #onError: (error: unknown) => void;
  readonly #opened: Feed[] = [];
  #pending = 0;

  constructor(feeds: readonly Feed[], onError: (error: unknown) => void) {
    this.#feeds = feeds;
    this.#onError = onError;
  }

  /** Whether a feed has not taken all that it was given: no new pages until it has. */
  get isBehind(): boolean {
    return this.#pending > 0;
  }

  /** @throws what an output that cannot be written says; the others are left as they were. */
  async open(): Promise<void> {
    try {
      for (const feed of this.#feeds) {
        await feed.open();
        this.#opened.push(feed);
      }
    } catch (error) {
      await this.#discardOpened();
      throw error;
    }
  }

  /** Takes the items of a commit; a promise while a feed is behind. */
  write(items: readonly ItemRecord[]): Promise<void> | undefined {
    if (items.length === 0) return undefined;
    let behind: Promise<void>[] | undefined;
    for (const feed of this.#feeds) {
      try {
        const writing = feed.write(items);
        if (!isPromise(writing)) continue;
        behind ??= [];
        behind.push(this.#track(writing));
      } catch (error) {
        this.#onError(error);
      }
    }
    return behind && Promise.all(behind).then(() => undefined);
  }

  /** Ends every feed that was opened, and tells of each. */
  async close(
    closing: Closing,
    onClosed: (result: FeedResult) => unknown,
    onFailed: () => void,
  ): Promise<readonly FeedResult[]> {
    const results: FeedResult[] = [];
    for (const feed of this.#opened) {
      await closing.step(`output ${feed.uri.replace(/:$/, '')}`, async () => {
        const result = await feed.close().catch((error: unknown) => {
          onFailed();
          throw error;
        });
        results.push(result);
        await onClosed(result);
      });
    }
    return results;
  }

  /** Those that know no such thing are closed with the crawl. */
  async #discardOpened(): Promise<void> {
    for (const feed of this.#opened.splice(0)) {
      if (feed.discard === undefined) this.#opened.push(feed);
      // The first error says why nothing is crawled.
      else await feed.discard().catch(() => {});
    }
  }

  async #track(writing: Promise<void>): Promise<void> {
    this.#pending += 1;
    try {
      await writing;
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#pending -= 1;
    }
  }
}
