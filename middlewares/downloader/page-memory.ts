import { randomUUID } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { HeaderMap, type Logger, type Response, StoreError } from '../../src/api.ts';
import { type OpenStore, RecordStore } from '../record-store.ts';

/** What is known of a page from one time that it was asked for. Times are milliseconds since 1970. */
export interface Visit {
  readonly url: string;
  readonly etag?: string;
  readonly lastModified?: string;
  /** Of the page's content. */
  readonly digest: string;
  readonly itag?: string;
  readonly firstSeenMs: number;
  /** When it was there last. */
  readonly lastSeenMs: number;
  readonly lastCheckedMs: number;
  readonly lastChangedMs: number;
  /** Set while it is gone. */
  readonly gone?: { readonly status: number; readonly sinceMs: number; readonly times: number };
}

/** What is stored of a page. */
interface PageRecord {
  /** The crawl that wrote `now`. */
  readonly crawl: string;
  readonly now: Visit;
  /** What crawls before that one knew. */
  readonly before?: Visit;
}

/** A page's body and headers, for answering once the server says that it has not changed. */
export interface KeptPage {
  readonly headers: HeaderMap;
  readonly body: Uint8Array;
}

interface KeptHead {
  readonly headers: Readonly<Record<string, string | string[] | null>>;
}

/** The last crawl without a job, which has not come to its end. */
interface UnfinishedCrawl {
  readonly crawl: string;
}

/** Crawls that never came to their ends. */
interface LostCrawls {
  readonly crawls: readonly string[];
}

/** One line of `gone.jsonl`. Times are ISO 8601. */
interface GoneLine {
  readonly url: string;
  readonly status: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly goneSince: string;
  /** Crawls in a row that did not find it. */
  readonly times: number;
}

/** Where the store lies in the folder of an incremental crawl. */
export const PAGES_FOLDER = 'pages';

const PAGES = 'p/';
const BODIES = 'b/';
const GONE = 'g/';
const UNFINISHED = 'unfinished';
const LOST = 'lost';

/**
 * What crawls remember of pages, on disk. A crawl sees what earlier crawls knew, never what it wrote itself: so a
 * record that was written before its page's items were safe does no harm when the crawl is killed and resumed.
 */
export class PageMemory {
  readonly #store: RecordStore;
  readonly #folder: string;
  readonly #crawl: string;
  /** Whether what this crawl saw counts only once it has come to its end. */
  readonly #isMarked: boolean;
  readonly #lost: ReadonlySet<string>;

  private constructor(
    store: RecordStore,
    folder: string,
    { crawl, isMarked, lost }: { crawl: string; isMarked: boolean; lost: ReadonlySet<string> },
  ) {
    this.#store = store;
    this.#folder = folder;
    this.#crawl = crawl;
    this.#isMarked = isMarked;
    this.#lost = lost;
  }

  /**
   * `crawl` names this crawl, the same after it was resumed. Without one it has a new name, and what it saw does not
   * count unless it comes to its end (`finish`): items of its last pages may be lost.
   *
   * @throws StoreError
   */
  static async open(
    folder: string,
    crawl: string | undefined,
    logger: Logger,
    openStore?: OpenStore,
  ): Promise<PageMemory> {
    const store = await RecordStore.open(join(folder, PAGES_FOLDER), {
      kind: 'incremental crawl',
      lockedAdvice:
        'wait until that crawl has ended, or give this one another folder (incrementalDir, --incremental)',
      logger,
      openStore,
    });
    const { crawls } = (await store.read<LostCrawls>(LOST))?.head ?? { crawls: [] };
    const lost = new Set(crawls);
    const last = (await store.read<UnfinishedCrawl>(UNFINISHED))?.head;
    if (last !== undefined) {
      logger.info('the last crawl did not end in order: pages that it saw are looked at again', { folder });
      lost.add(last.crawl);
      await store.write(LOST, { crawls: [...lost] } satisfies LostCrawls);
    }
    if (crawl !== undefined) {
      if (last !== undefined) await store.remove(UNFINISHED);
      return new PageMemory(store, folder, { crawl, isMarked: false, lost });
    }
    const name = randomUUID();
    await store.write(UNFINISHED, { crawl: name } satisfies UnfinishedCrawl);
    return new PageMemory(store, folder, { crawl: name, isMarked: true, lost });
  }

  /** What this crawl saw counts from now on: its items are safe. */
  async finish(): Promise<void> {
    if (this.#isMarked) await this.#store.remove(UNFINISHED);
  }

  /** What earlier crawls knew of a page. */
  async before(key: string): Promise<Visit | undefined> {
    const record = await this.#store.read<PageRecord>(PAGES + key);
    return record && this.#earlier(record.head);
  }

  /** Whether the page of a visit is kept. */
  isKept(key: string, { digest }: Visit): Promise<boolean> {
    return this.#store.has(bodyKey(key, digest));
  }

  /** The page of a visit. */
  async kept(key: string, { digest }: Visit): Promise<KeptPage | undefined> {
    const found = await this.#store.read<KeptHead>(bodyKey(key, digest));
    return found && { headers: new HeaderMap(found.head.headers), body: found.body };
  }

  /** Remembers a page; with `page`, also what it was. */
  async remember(key: string, now: Visit, page?: Pick<Response, 'headers' | 'body'>): Promise<void> {
    const old = (await this.#store.read<PageRecord>(PAGES + key))?.head;
    const before = old && this.#earlier(old);
    if (page !== undefined) {
      await this.#store.write(bodyKey(key, now.digest), { headers: page.headers.toJSON() }, page.body);
    }
    await this.#store.write(PAGES + key, { crawl: this.#crawl, now, ...(before && { before }) });
    if (old?.now.gone !== undefined) await this.#store.remove(GONE + key);
    const used = [now.digest, before?.digest];
    for (const digest of new Set([old?.now.digest, old?.before?.digest])) {
      if (digest !== undefined && !used.includes(digest)) await this.#store.remove(bodyKey(key, digest));
    }
  }

  /** Remembers that a page is gone. */
  async rememberGone(key: string, before: Visit, status: number, nowMs: number): Promise<void> {
    const { sinceMs = nowMs, times = 0 } = before.gone ?? {};
    const gone = { status, sinceMs, times: times + 1 };
    const now: Visit = { ...before, lastCheckedMs: nowMs, gone };
    const line: GoneLine = {
      url: now.url,
      status,
      firstSeen: iso(now.firstSeenMs),
      lastSeen: iso(now.lastSeenMs),
      goneSince: iso(sinceMs),
      times: gone.times,
    };
    // The list first: cut off here, the page is only listed twice over.
    await this.#store.write(GONE + key, line);
    await this.#store.write(PAGES + key, { crawl: this.#crawl, now, before } satisfies PageRecord);
  }

  /** Lists the pages that are gone, one JSON object a line; gives the file. @throws StoreError */
  async writeGone(): Promise<string> {
    const path = join(this.#folder, 'gone.jsonl');
    const part = `${path}.part`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const file = await open(part, 'w', 0o600);
      try {
        for await (const [, line] of this.#store.heads<GoneLine>(GONE)) {
          await file.write(`${JSON.stringify(line)}\n`);
        }
      } finally {
        await file.close();
      }
      await rename(part, path);
    } catch (error) {
      if (error instanceof StoreError) throw error;
      throw new StoreError(path, 'failed', 'the list of pages that are gone cannot be written', {
        cause: error,
      });
    }
    return path;
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #earlier({ crawl, now, before }: PageRecord): Visit | undefined {
    return crawl === this.#crawl || this.#lost.has(crawl) ? before : now;
  }
}

function bodyKey(key: string, digest: string): string {
  return `${BODIES}${key}/${digest}`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
