import {
  type CommittedItem,
  type ComponentContext,
  type Factory,
  type ItemPipeline,
  named,
  OutputError,
  SettingsError,
} from '../src/api.ts';
import { POSTGRES } from './database/dialect.ts';
import { type ItemColumns, ItemTable } from './database/item-table.ts';
import { inKeyOrder, staleRows } from './database/page-batch.ts';
import { isPassing } from './database/postgres-fault.ts';
import {
  PostgresAddress,
  type PostgresClient,
  type PostgresConnection,
  type PostgresPool,
} from './database/postgres-pool.ts';
import { placeholders, rowBlocks } from './database/row-blocks.ts';

/** Options of {@link postgres}. */
export interface PostgresOptions {
  /** `postgres://user:password@host:5432/name?sslmode=verify-full`. @defaultValue `connection` */
  readonly url?: string | undefined;
  /** The same in parts. @defaultValue the environment: `PGHOST`, `PGPORT`, `PGDATABASE`, `PGUSER`, `PGPASSWORD` */
  readonly connection?: PostgresConnection;
  /** Made where there is none. Give each spider its own. */
  readonly table: string;
  /** Has to be there. @defaultValue the first one of the user's search path */
  readonly schema?: string;
  /**
   * Fields with a column of their own: `{ title: 'TEXT', price: 'NUMERIC(10, 2)' }`, or names alone for columns of
   * text. All other fields go to the JSONB column `extra`. @defaultValue one JSONB column `item` with everything
   */
  readonly columns?: ItemColumns;
  /** Removes rows that an earlier crawl had of a page behind what it gives now. @defaultValue `false` */
  readonly replacePages?: boolean;
  /** Pages that are written at once, each over a connection of its own. @defaultValue `4` */
  readonly maxConnections?: number;
  /** Longest a statement may take, milliseconds. @defaultValue `60000` */
  readonly timeoutMs?: number;
}

/** Tries after the first one where a connection is lost or two writers collide, 1, 2, 4 and 8 seconds apart. */
const MOST_RETRIES = 4;
const FIRST_PAUSE_MS = 1000;
/** Columns of a table that is there. */
const COLUMNS_OF =
  'SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped';
/** Somebody else made the table in the same moment. */
const MADE_MEANWHILE: ReadonlySet<unknown> = new Set(['23505', '42P07', '42710']);

/**
 * Keeps items in a PostgreSQL table, each exactly once: a row is known by its page and its place on it, and is
 * written before the page counts as done. A fault stops the crawl; the page comes again with the next run. Needs
 * the package `pg`.
 *
 * @throws SettingsError when the address, a name or a type cannot be used.
 */
export function postgres(options: PostgresOptions): Factory<ItemPipeline> {
  const table = new ItemTable(POSTGRES, { component: 'postgres', ...options });
  if ('url' in options && options.url === undefined) {
    throw new SettingsError(
      'postgres: url is undefined: is the environment variable set that it comes from?',
    );
  }
  if (options.url !== undefined && options.connection !== undefined) {
    throw new SettingsError('postgres: url and connection say the same: give one of them');
  }
  const address = new PostgresAddress(options.url ?? options.connection ?? {});
  return named('postgres', (context) => new PostgresItems(options, table, address, context));
}

class PostgresItems implements ItemPipeline {
  readonly name = 'postgres';
  readonly #options: PostgresOptions;
  readonly #table: ItemTable;
  readonly #address: PostgresAddress;
  readonly #context: ComponentContext;
  #pool: PostgresPool | undefined;

  constructor(
    options: PostgresOptions,
    table: ItemTable,
    address: PostgresAddress,
    context: ComponentContext,
  ) {
    this.#options = options;
    this.#table = table;
    this.#address = address;
    this.#context = context;
  }

  async open(): Promise<void> {
    const { maxConnections = 4, timeoutMs = 60_000 } = this.#options;
    const pool = this.#address.pool({ maxConnections, timeoutMs }, (error) => {
      const { message } = this.#address.problem(error);
      this.#context.logger.warn(`lost an idle database connection: ${message}`);
    });
    try {
      await withClient(pool, (client) => this.#prepare(client));
    } catch (error) {
      await pool.end();
      throw error instanceof OutputError ? error : this.#address.problem(error);
    }
    this.#pool = pool;
  }

  async commit(batch: readonly CommittedItem[]): Promise<void> {
    const items = inKeyOrder(batch);
    for (let tries = 0; ; tries++) {
      try {
        return await withClient(this.#openPool(), (client) => this.#write(client, items));
      } catch (error) {
        const { signal, logger } = this.#context;
        const problem =
          error instanceof OutputError ? error : this.#address.problem(error, this.#table.columns);
        if (tries >= MOST_RETRIES || !isPassing(error) || signal.aborted) throw problem;
        logger.warn(`items not written yet, trying again: ${problem.message}`);
        await this.#pause(FIRST_PAUSE_MS * 2 ** tries);
      }
    }
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.end();
  }

  #openPool(): PostgresPool {
    if (this.#pool === undefined) throw new OutputError(this.#address.shown, 'the connection is closed');
    return this.#pool;
  }

  /** Makes the table where it is missing; that rows fit into it is seen before the first page. */
  async #prepare(client: PostgresClient): Promise<void> {
    const { name, columns } = this.#table;
    const { rows } = await client.query(COLUMNS_OF, [name]);
    const problem =
      rows.length === 0 ? undefined : this.#table.problemWith(rows.map((row) => String(row.name)));
    if (problem !== undefined) throw new OutputError(this.#address.shown, problem);
    if (rows.length === 0) {
      await client.query(this.#table.createSql()).catch((error: unknown) => {
        if (!MADE_MEANWHILE.has((error as { readonly code?: unknown }).code)) throw error;
      });
    }
    await client.query(`EXPLAIN ${this.#table.upsertSql(`(${columns.map(() => 'NULL').join(', ')})`)}`);
  }

  async #write(client: PostgresClient, items: readonly CommittedItem[]): Promise<void> {
    const { columns } = this.#table;
    await client.query('BEGIN');
    if (this.#options.replacePages === true) {
      const sql = `DELETE FROM ${this.#table.name} WHERE "fingerprint" = $1 AND "ordinal" >= $2`;
      for (const { fingerprint, fromOrdinal } of staleRows(items))
        await client.query(sql, [fingerprint, fromOrdinal]);
    }
    for (const { rows, values } of rowBlocks(this.#rows(items)))
      await client.query(this.#table.upsertSql(placeholders(rows, columns.length)), values);
    await client.query('COMMIT');
  }

  *#rows(items: readonly CommittedItem[]): Generator<ReturnType<ItemTable['row']>> {
    const scrapedAt = new Date(this.#context.clock.now()).toISOString();
    for (const one of items) yield this.#table.row(one, scrapedAt);
  }

  /** Waits, but not beyond the end of the crawl. */
  #pause(ms: number): Promise<void> {
    const { clock, signal } = this.#context;
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = clock.setTimeout(done, ms);
      signal.addEventListener('abort', done);
    });
  }
}

/** Lends a connection. After a fault it is ended: what it had not committed is gone with it. */
async function withClient(
  pool: PostgresPool,
  work: (client: PostgresClient) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  try {
    await work(client);
  } catch (error) {
    client.release(true);
    throw error;
  }
  client.release();
}
