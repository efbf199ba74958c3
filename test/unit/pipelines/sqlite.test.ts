import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type SqliteDriver, type SqliteOptions, sqlite } from '../../../pipelines/index.ts';
import type { ItemPipeline } from '../../../src/contracts/item-pipeline.ts';
import { type ItemStoreSubject, itemStoreContract, page } from '../../contract/item-store.ts';
import { crawlFake, requests } from '../../support/engine-run.ts';
import { temporaryFolder } from '../feed/temporary-folder.ts';
import { contextWith, made } from '../middlewares/component-context.ts';

const builtIn = process.getBuiltinModule('node:sqlite') as { DatabaseSync: SqliteDriver } | undefined;
/** Where better-sqlite3 is installed outside of this project: it needs a compiler, so it is no dependency. */
const BETTER = process.env.ORBWEAVER_TEST_BETTER_SQLITE3;

const drivers: Record<string, SqliteDriver | undefined> = {
  'node:sqlite': builtIn?.DatabaseSync,
  'better-sqlite3': betterSqlite3(),
};

function betterSqlite3(): SqliteDriver | undefined {
  try {
    return createRequire(BETTER === undefined ? import.meta.url : join(BETTER, 'x.js'))(
      'better-sqlite3',
    ) as SqliteDriver;
  } catch {
    return undefined;
  }
}

async function opened(options: SqliteOptions): Promise<ItemPipeline> {
  const store = await made(sqlite(options), contextWith());
  await store.open?.();
  return store;
}

for (const [name, driver] of Object.entries(drivers)) {
  if (driver === undefined) {
    const why =
      name === 'node:sqlite'
        ? `Node ${process.version} has no node:sqlite`
        : 'it is not installed; ORBWEAVER_TEST_BETTER_SQLITE3 names a folder that has it';
    console.info(`skipped: sqlite over ${name}: ${why}`);
  }
  describe.skipIf(driver === undefined)(`sqlite over ${name}`, () => {
    const given = driver as SqliteDriver;
    const read = (file: string, sql: string) => {
      const database = new given(file);
      const rows = database.prepare(sql).all() as Record<string, unknown>[];
      database.close();
      return rows;
    };

    itemStoreContract((): ItemStoreSubject => {
      const file = join(temporaryFolder(), 'new', 'folder', 'items.db');
      return {
        pipeline: 'sqlite',
        options: (table) => ({ file, driver: given, ...table }),
        rows: async (table) => read(file, `SELECT * FROM ${table} ORDER BY fingerprint, ordinal`),
        texts: async (table, column) => {
          const name = column.replaceAll('"', '""');
          const sql = `SELECT CAST("${name}" AS TEXT) AS value FROM ${table} ORDER BY fingerprint, ordinal`;
          return read(file, sql).map(({ value }) => value);
        },
        json: (value) => (value === null ? null : JSON.parse(String(value))),
        types: {
          text: 'TEXT',
          real: 'REAL',
          integer: 'INTEGER',
          boolean: 'BOOLEAN',
          bytes: 'BLOB',
          json: 'JSON',
        },
        true: 1,
        odd: ['a\0b\ud800c \\u0000 \ud83d\ude00', 'a\0b\ufffdc \\u0000 \ud83d\ude00'],
      };
    });

    it('keeps numbers as numbers in a column without a type', async () => {
      const file = join(temporaryFolder(), 'items.db');
      const store = await opened({ file, driver: given, columns: ['n'] });
      await store.commit?.(
        page('a', [{ n: 5 }, { n: 5.5 }, { n: '5' }, { n: true }, { n: new Uint8Array(2) }]),
      );
      await store.close?.('finished');
      expect(read(file, 'SELECT typeof(n) AS type FROM items').map(({ type }) => type)).toEqual([
        'integer',
        'real',
        'text',
        'integer',
        'blob',
      ]);
    });

    it('lets others read while it writes, and leaves one file behind', async () => {
      const file = join(temporaryFolder(), 'items.db');
      const store = await opened({ file, driver: given });
      await store.commit?.(page('a', [{ n: 1 }]));
      expect(read(file, 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
      await store.close?.('finished');
      expect(existsSync(`${file}-wal`)).toBe(false);
    });

    it('says who is in the way when the database stays locked', async () => {
      const file = join(temporaryFolder(), 'items.db');
      const store = await opened({ file, driver: given, busyTimeoutMs: 1 });
      const other = new given(file);
      other.exec('BEGIN IMMEDIATE');
      expect(() => store.commit?.(page('a', [{}]))).toThrow(
        /items.db: another process keeps the database locked/,
      );
      other.exec('ROLLBACK');
      other.close();
      await store.commit?.(page('a', [{}]));
      await store.close?.('finished');
      expect(read(file, 'SELECT * FROM items')).toHaveLength(1);
    });

    it('says so when the disk is full, and has nothing of the batch', async () => {
      const file = join(temporaryFolder(), 'items.db');
      class FullDatabase extends given {
        constructor(path: string) {
          super(path);
          this.exec('PRAGMA max_page_count = 20');
        }
      }
      const store = await opened({ file, driver: FullDatabase });
      await store.commit?.(page('a', [{}]));
      const items = Array.from({ length: 100 }, () => ({ text: 'x'.repeat(5000) }));
      expect(() => store.commit?.(page('b', items))).toThrow(/item \d+ of page b: the disk is full/);
      await store.commit?.(page('c', [{}]));
      await store.close?.('finished');
      expect(read(file, 'SELECT fingerprint AS f FROM items').map(({ f }) => f)).toEqual(['a', 'c']);
    });

    it('says before the first page what is wrong with the file', async () => {
      const folder = temporaryFolder();
      const file = join(folder, 'page.html');
      writeFileSync(file, '<html>'.repeat(1000));
      await expect(opened({ file, driver: given })).rejects.toThrow(
        /page.html: the file is no SQLite database/,
      );
      await expect(opened({ file: folder, driver: given })).rejects.toMatchObject({
        code: 'ERR_CRAWL_OUTPUT',
      });
      const below = join(file, 'items.db');
      await expect(opened({ file: below, driver: given })).rejects.toMatchObject({
        code: 'ERR_CRAWL_OUTPUT',
      });
    });

    it.skipIf(process.getuid?.() === 0)('says that it may not write', async () => {
      const file = join(temporaryFolder(), 'items.db');
      await (await opened({ file, driver: given })).close?.('finished');
      chmodSync(file, 0o400);
      await expect(opened({ file, driver: given })).rejects.toThrow(/permission denied/);
    });

    it('refuses a table that has no key by page and place', async () => {
      const file = join(temporaryFolder(), 'items.db');
      const database = new given(file);
      database.exec('CREATE TABLE items (fingerprint, ordinal, item, scraped_at)');
      database.close();
      await expect(opened({ file, driver: given })).rejects.toThrow(/ON CONFLICT/);
    });

    it('has the items of a crawl, each once, when the crawl is run again', async () => {
      const file = join(temporaryFolder(), 'items.db');
      const crawl = async () => {
        const store = await made(sqlite({ file, driver: given, columns: ['url'] }), contextWith());
        return crawlFake({
          pipelines: [store],
          spider: {
            start: () => requests(...Array.from({ length: 20 }, (_, at) => `/${at}`)),
            *parse(response: { readonly url: string }) {
              yield { url: response.url };
              yield { url: `${response.url}#2` };
            },
          },
        });
      };
      expect((await crawl()).result).toMatchObject({ reason: 'finished' });
      expect((await crawl()).result).toMatchObject({ reason: 'finished' });
      expect(read(file, 'SELECT count(*) AS rows, count(DISTINCT url) AS urls FROM items')).toEqual([
        { rows: 40, urls: 40 },
      ]);
    });

    it('stops the crawl where it cannot write, and the page is not done', async () => {
      const file = join(temporaryFolder(), 'items.db');
      const columns = { url: 'TEXT NOT NULL' };
      const store = await made(sqlite({ file, driver: given, columns }), contextWith());
      const run = await crawlFake({ pipelines: [store], spider: { parse: () => [{ price: 1 }] } });
      expect(run.result).toMatchObject({ reason: 'pipeline_error', error: { code: 'ERR_CRAWL_OUTPUT' } });
      expect(run.scheduler.counts().queued).toBe(1);
    });
  });
}

describe('sqlite', () => {
  it('wants a file', () => {
    expect(() => sqlite({ file: '' })).toThrow(/file is missing/);
  });

  it.skipIf(builtIn !== undefined || drivers['better-sqlite3'] !== undefined)(
    'names the package to install where Node has no SQLite',
    async () => {
      const open = opened({ file: join(temporaryFolder(), 'items.db') });
      await expect(open).rejects.toThrow(/npm install better-sqlite3 \(or run on Node 22.13/);
    },
  );

  it.skipIf(builtIn === undefined)('takes what Node has by itself', async () => {
    const store = await opened({ file: ':memory:' });
    await store.commit?.(page('a', [{}]));
    await store.close?.('finished');
  });
});
