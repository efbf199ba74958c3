import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { SqliteDriver } from '../../pipelines/index.ts';
import { type PostgresServer, postgresBinaries, startPostgres } from '../support/postgres-server.ts';
import { temporaryFolder } from '../unit/feed/temporary-folder.ts';

const SCRIPT = fileURLToPath(new URL('../support/crawl-into-table.mjs', import.meta.url));
const PAGES = 60;
const MOST_MS = 60_000;

interface Task {
  readonly pipeline: 'sqlite' | 'postgres';
  readonly options: object;
}

/** Crawls in a process that is killed after so many pages were asked for; what it said, its end if not killed. */
async function crawlKilledAfter(asked: number, task: Task): Promise<string> {
  let child: ChildProcess | undefined;
  let count = 0;
  const site = createServer((request, response) => {
    if (request.url !== '/robots.txt' && ++count > asked) child?.kill('SIGKILL');
    response
      .writeHead(request.url === '/robots.txt' ? 404 : 200, { 'Content-Type': 'text/html' })
      .end('<p>page');
  });
  onTestFinished(() => void site.closeAllConnections());
  await new Promise<void>((resolve) => site.listen(port, '127.0.0.1', resolve));
  port = (site.address() as AddressInfo).port;
  const job = JSON.stringify({ ...task, origin: `http://127.0.0.1:${port}`, pages: PAGES });
  const running = spawn(process.execPath, [SCRIPT, job], { stdio: 'pipe', timeout: MOST_MS });
  child = running;
  let said = '';
  for (const stream of [running.stdout, running.stderr]) stream.on('data', (chunk) => (said += chunk));
  const signal = await new Promise((resolve) => running.once('close', (_code, by) => resolve(by)));
  site.closeAllConnections();
  await new Promise((resolve) => site.close(resolve));
  return signal === null ? said.trim() : String(signal);
}

/** The site is the same over all runs of a test: so are the addresses of its pages. */
let port = 0;

async function survivesKills(task: Task): Promise<void> {
  port = 0;
  for (const asked of [5, 25, 50]) expect(await crawlKilledAfter(asked, task)).toBe('SIGKILL');
  expect(await crawlKilledAfter(Number.POSITIVE_INFINITY, task)).toBe('finished');
}

describe('a table after kill -9', () => {
  const sqlite = sqliteHere();
  it.skipIf(sqlite === undefined)(
    'has each item once over SQLite (needs node:sqlite, or better-sqlite3 by ORBWEAVER_TEST_BETTER_SQLITE3)',
    async () => {
      const file = join(temporaryFolder(), 'items.db');
      await survivesKills({ pipeline: 'sqlite', options: { file, columns: ['url', 'part'] } });
      const database = new (sqlite as SqliteDriver)(file);
      const sql = "SELECT count(*) AS rows, count(DISTINCT url || ' ' || part) AS items FROM items";
      expect(database.prepare(sql).all()).toEqual([{ rows: 2 * PAGES, items: 2 * PAGES }]);
      database.close();
    },
    2 * MOST_MS,
  );

  const binaries = postgresBinaries();
  describe.skipIf(binaries === undefined)('over PostgreSQL (needs its server installed)', () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres(binaries ?? '');
    }, MOST_MS);
    afterAll(() => server?.stop());

    it(
      'has each item once',
      async () => {
        const options = { url: server.url, table: 'items', columns: { url: 'TEXT', part: 'INTEGER' } };
        await survivesKills({ pipeline: 'postgres', options });
        const name: string = 'pg';
        const { Client } = await import(name);
        const client = new Client(server.url);
        await client.connect();
        const sql = 'SELECT count(*)::int AS rows, count(DISTINCT (url, part))::int AS items FROM items';
        const { rows } = await client.query(sql);
        await client.end();
        expect(rows).toEqual([{ rows: 2 * PAGES, items: 2 * PAGES }]);
      },
      2 * MOST_MS,
    );
  });
});

function sqliteHere(): SqliteDriver | undefined {
  const builtIn = process.getBuiltinModule('node:sqlite') as { DatabaseSync: SqliteDriver } | undefined;
  const elsewhere = process.env.ORBWEAVER_TEST_BETTER_SQLITE3;
  if (builtIn !== undefined) return builtIn.DatabaseSync;
  return elsewhere === undefined
    ? undefined
    : (createRequire(join(elsewhere, 'x.js'))('better-sqlite3') as SqliteDriver);
}
