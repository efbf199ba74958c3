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

/** One site for all runs of a test, whose pages keep their addresses; a run is killed after so many pages of it. */
async function survivesKills(task: Task): Promise<void> {
  let child: ChildProcess | undefined;
  let left = 0;
  const site = createServer((request, response) => {
    const isRobotsTxt = request.url === '/robots.txt';
    if (!isRobotsTxt && --left < 0) child?.kill('SIGKILL');
    response.writeHead(isRobotsTxt ? 404 : 200, { 'Content-Type': 'text/html' }).end('<p>page');
  });
  onTestFinished(() => {
    site.closeAllConnections();
    site.close();
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo;
  const job = JSON.stringify({ ...task, origin: `http://127.0.0.1:${port}`, pages: PAGES });
  const crawl = async (asked: number): Promise<string> => {
    left = asked;
    const running = spawn(process.execPath, [SCRIPT, job], { stdio: 'pipe', timeout: MOST_MS });
    child = running;
    let said = '';
    for (const stream of [running.stdout, running.stderr]) stream.on('data', (chunk) => (said += chunk));
    const signal = await new Promise((resolve) => running.once('close', (_code, by) => resolve(by)));
    return signal === null ? said.trim() : String(signal);
  };
  for (const asked of [5, 25, 50]) expect(await crawl(asked)).toBe('SIGKILL');
  expect(await crawl(Number.POSITIVE_INFINITY)).toBe('finished');
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
