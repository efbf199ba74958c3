import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PostgresOptions, postgres } from '../../../pipelines/index.ts';
import type { ItemPipeline } from '../../../src/contracts/item-pipeline.ts';
import { type ItemStoreSubject, itemStoreContract, page } from '../../contract/item-store.ts';
import { EngineRun, requests } from '../../support/engine-run.ts';
import { type PostgresServer, postgresBinaries, startPostgres } from '../../support/postgres-server.ts';
import { contextWith, made, type TestContext } from '../middlewares/component-context.ts';

interface Answer {
  readonly rows: Record<string, unknown>[];
}
interface Client {
  connect(): Promise<void>;
  query(sql: string): Promise<Answer>;
  end(): Promise<void>;
}

// There are no types of the package among the dependencies: the name is a value, so none are looked for.
const PACKAGE: string = 'pg';
const { Client } = (await import(PACKAGE)) as { Client: new (url: string) => Client };

const binaries = postgresBinaries();
if (binaries === undefined) console.info('skipped: postgres: no initdb found; apt-get install postgresql');

let server: PostgresServer;
let databases = 0;

async function opened(options: PostgresOptions, context: TestContext = contextWith()): Promise<ItemPipeline> {
  const store = await made(postgres(options), context);
  await store.open?.();
  return store;
}

async function ask(sql: string, url = server.url): Promise<Answer> {
  const client = new Client(url);
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A database of its own for a test, made when it is first used. */
function newDatabase(): string {
  return server.url.replace(/postgres$/, `test_${++databases}`);
}

async function makeDatabase(): Promise<string> {
  const url = newDatabase();
  await ask(`CREATE DATABASE ${new URL(url).pathname.slice(1)}`);
  return url;
}

describe.skipIf(binaries === undefined)('postgres', () => {
  beforeAll(async () => {
    server = await startPostgres(binaries ?? '');
  }, 60_000);
  afterAll(() => server?.stop());

  describe('as a store of items', () => {
    let url = '';
    itemStoreContract((): ItemStoreSubject => {
      const base = url;
      return {
        pipeline: 'postgres',
        options: (table) => ({ url: base, ...table }),
        rows: async (table) =>
          (await ask(`SELECT * FROM ${table} ORDER BY fingerprint COLLATE "C", ordinal`, base)).rows,
        texts: async (table, column) => {
          const name = column.replaceAll('"', '""');
          const sql = `SELECT "${name}"::text AS value FROM ${table} ORDER BY fingerprint COLLATE "C", ordinal`;
          return (await ask(sql, base)).rows.map(({ value }) => value);
        },
        json: (value) => value,
        types: {
          text: 'TEXT',
          real: 'DOUBLE PRECISION',
          integer: 'BIGINT',
          boolean: 'BOOLEAN',
          bytes: 'BYTEA',
          json: 'JSONB',
        },
        true: true,
        odd: ['a\ufffdb\ufffdc \\u0000 \ud83d\ude00', 'a\ufffdb\ufffdc \\u0000 \ud83d\ude00'],
      };
    });
    beforeEach(async () => {
      url = await makeDatabase();
    });
  });

  it('makes its table in a schema, with names that need quotes', async () => {
    const url = await makeDatabase();
    await ask('CREATE SCHEMA "my ""shop"""', url);
    const store = await opened({ url, schema: 'my "shop"', table: 'Books; "x"', columns: ['$1'] });
    await store.commit?.(page('a', [{ $1: 'v' }]));
    await store.close?.('finished');
    expect((await ask('SELECT "$1" AS v FROM "my ""shop"""."Books; ""x"""', url)).rows).toEqual([{ v: 'v' }]);
  });

  it('says which column a value does not fit, and writes nothing of the page', async () => {
    const url = await makeDatabase();
    const columns = { title: 'TEXT', price: 'NUMERIC(10, 2)' };
    const store = await opened({ url, table: 'books', columns });
    const items = [
      { title: 'a', price: '1.50' },
      { title: 'b', price: 'sold out' },
    ];
    await expect(store.commit?.(page('a', items))).rejects.toMatchObject({
      code: 'ERR_CRAWL_OUTPUT',
      message: expect.stringMatching(/column "price": .*"sold out"; declare a type that fits/),
    });
    await store.close?.('finished');
    expect((await ask('SELECT * FROM books', url)).rows).toEqual([]);
  });

  it('writes into a table that is there without the right to make one', async () => {
    const url = await makeDatabase();
    await (await opened({ url, table: 'books' })).close?.('finished');
    await ask("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN PASSWORD 'c'", url);
    const clerk = url.replace(/\/\/.*@/, '//clerk:c@');
    await expect(opened({ url: clerk, table: 'books' })).rejects.toThrow(/permission denied.*GRANT/);
    await ask('GRANT SELECT, INSERT, UPDATE ON books TO clerk', url);
    const store = await opened({ url: clerk, table: 'books' });
    await store.commit?.(page('a', [{}]));
    await store.close?.('finished');
    await expect(opened({ url: clerk, table: 'other' })).rejects.toThrow(/permission denied/);
  });

  it('refuses a table that has no key by page and place', async () => {
    const url = await makeDatabase();
    await ask('CREATE TABLE books (fingerprint TEXT, ordinal INT, item JSONB, scraped_at TIMESTAMPTZ)', url);
    await expect(opened({ url, table: 'books' })).rejects.toThrow(
      /needs PRIMARY KEY \(fingerprint, ordinal\)/,
    );
  });

  it('lets many crawls that start together make one table', async () => {
    const url = await makeDatabase();
    const stores = await Promise.all(Array.from({ length: 5 }, () => opened({ url, table: 'books' })));
    for (const store of stores) await store.close?.('finished');
    expect((await ask('SELECT * FROM books', url)).rows).toEqual([]);
  });

  it('says what is wrong with the connection, and never the password', async () => {
    const { url, port, password } = server;
    const faults: [PostgresOptions, RegExp][] = [
      [{ url: url.replace(String(port), '1'), table: 'x' }, /ECONNREFUSED.*is the server running/],
      [
        { url: url.replace(encodeURIComponent(password), 'wrong%21pass'), table: 'x' },
        /check user and password/,
      ],
      [{ url: url.replace(/postgres$/, 'nowhere'), table: 'x' }, /"nowhere" does not exist.*createdb/],
      [{ url, table: 'x', schema: 'nowhere' }, /CREATE SCHEMA/],
      [{ url: url.replace(/:[^:@]*@/, '@'), table: 'x' }, /asks for a password and none was given/],
      [
        { connection: { host: '127.0.0.1', port, user: 'x', password }, table: 'x' },
        /check user and password/,
      ],
    ];
    for (const [options, message] of faults) {
      const error: unknown = await opened(options).catch((one) => one);
      expect(error).toMatchObject({ code: 'ERR_CRAWL_OUTPUT', message: expect.stringMatching(message) });
      for (const secret of [password, encodeURIComponent(password), 'wrong!pass', 'wrong%21pass'])
        expect(String((error as Error).stack)).not.toContain(secret);
    }
  });

  it('connects by parts', async () => {
    const { port, user, password } = server;
    const connection = { host: '127.0.0.1', port, user, password, database: 'postgres' };
    const store = await opened({ connection, table: 'by_parts' });
    await store.commit?.(page('a', [{}]));
    await store.close?.('finished');
    expect((await ask('SELECT * FROM by_parts')).rows).toHaveLength(1);
  });

  it('writes again when the server ended its connections', async () => {
    const url = await makeDatabase();
    const context = contextWith();
    const store = await opened({ url, table: 'books' }, context);
    await ask(END_OTHERS, url);
    await context.clock.run(Promise.resolve(store.commit?.(page('a', [{ n: 1 }]))));
    await store.close?.('finished');
    expect((await ask('SELECT item FROM books', url)).rows).toEqual([{ item: { n: 1 } }]);
  });

  it('gives up with an error when the server stays away', async () => {
    const url = await makeDatabase();
    const context = contextWith();
    const store = await opened({ url, table: 'books' }, context);
    const name = new URL(url).pathname.slice(1);
    await ask(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    const commit = context.clock.run(Promise.resolve(store.commit?.(page('a', [{}]))));
    await expect(commit).rejects.toMatchObject({ code: 'ERR_CRAWL_OUTPUT' });
    await store.close?.('finished');
  });

  it('has the items of a crawl, each once, when the crawl is run again', async () => {
    const url = await makeDatabase();
    const crawl = async () => {
      const store = await made(postgres({ url, table: 'pages', columns: ['url'] }), contextWith());
      const run = new EngineRun({
        pipelines: [store],
        spider: {
          start: () => requests(...Array.from({ length: 20 }, (_, at) => `/${at}`)),
          *parse(response: { readonly url: string }) {
            yield { url: response.url };
            yield { url: `${response.url}#2` };
          },
        },
      });
      return run.clock.run(run.engine.run());
    };
    expect(await crawl()).toMatchObject({ reason: 'finished' });
    expect(await crawl()).toMatchObject({ reason: 'finished' });
    const { rows } = await ask(
      'SELECT count(*)::int AS rows, count(DISTINCT url)::int AS urls FROM pages',
      url,
    );
    expect(rows).toEqual([{ rows: 40, urls: 40 }]);
  });

  it('stops the crawl where it cannot write, and the page is not done', async () => {
    const url = await makeDatabase();
    const store = await made(postgres({ url, table: 'x', columns: { n: 'INTEGER' } }), contextWith());
    const run = new EngineRun({ pipelines: [store], spider: { parse: () => [{ n: 'many' }] } });
    const result = await run.clock.run(run.engine.run());
    expect(result).toMatchObject({ reason: 'pipeline_error', error: { code: 'ERR_CRAWL_OUTPUT' } });
    expect(run.scheduler.counts().queued).toBe(1);
  });
});

const END_OTHERS =
  'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';

describe('postgres without a server', () => {
  it('refuses an address that is none, without repeating it', () => {
    const make = (url: string | undefined) => () => postgres({ url, table: 'x' });
    expect(make('postgres//me:secret@host/db')).toThrow(/^postgres: url is no address such as/);
    expect(make('mysql://me:secret@host/db')).toThrow(/^postgres: url is no address such as/);
    expect(make(undefined)).toThrow(/is the environment variable set/);
    expect(() => postgres({ url: 'postgres://h/d', connection: {}, table: 'x' })).toThrow(/give one of them/);
  });

  it('refuses names that the server would cut', () => {
    expect(() => postgres({ table: 'x'.repeat(63) })).not.toThrow();
    expect(() => postgres({ table: 'ü'.repeat(32) })).toThrow(/1 to 63 bytes/);
    expect(() => postgres({ table: 'x', columns: ['x'.repeat(64)] })).toThrow(/1 to 63 bytes/);
  });
});
