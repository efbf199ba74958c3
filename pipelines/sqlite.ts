import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  type Clock,
  type CommittedItem,
  type Factory,
  type ItemPipeline,
  named,
  OutputError,
  SettingsError,
} from '../src/api.ts';
import { SQLITE } from './database/dialect.ts';
import { type ItemColumns, ItemTable } from './database/item-table.ts';
import { staleRows } from './database/page-batch.ts';
import {
  type SqliteDatabase,
  type SqliteDriver,
  type SqliteStatement,
  sqliteDriver,
  sqliteProblem,
  sqliteValues,
} from './database/sqlite-driver.ts';

/** Options of {@link sqlite}. */
export interface SqliteOptions {
  /** The database, made with its folder where there is none. */
  readonly file: string;
  /** Made where there is none. Give each spider its own. @defaultValue `'items'` */
  readonly table?: string;
  /**
   * Fields with a column of their own: `{ title: 'TEXT', price: 'REAL' }`, or names alone for columns that take
   * any value. All other fields go to the JSON column `extra`. @defaultValue one JSON column `item` with everything
   */
  readonly columns?: ItemColumns;
  /** Removes rows that an earlier crawl had of a page behind what it gives now. @defaultValue `false` */
  readonly replacePages?: boolean;
  /** `FULL` keeps what was committed also over a power cut, at the price of a disk sync for each page. @defaultValue `'NORMAL'` */
  readonly synchronous?: 'NORMAL' | 'FULL';
  /** How long to wait for another process that writes, milliseconds; the crawl stands still meanwhile. @defaultValue `5000` */
  readonly busyTimeoutMs?: number;
  /** `DatabaseSync` of `node:sqlite`, or what better-sqlite3 exports. @defaultValue Node's own where it has one, else better-sqlite3 */
  readonly driver?: SqliteDriver;
}

/**
 * Keeps items in a table of an SQLite database, each exactly once: a row is known by its page and its place on it,
 * and is written before the page counts as done. A fault stops the crawl; the page comes again with the next run.
 *
 * @throws SettingsError when a name or type cannot be used.
 */
export function sqlite(options: SqliteOptions): Factory<ItemPipeline> {
  if (typeof options.file !== 'string' || options.file === '') {
    throw new SettingsError('sqlite: file is missing: name the database, such as out/books.db');
  }
  const table = new ItemTable(SQLITE, { component: 'sqlite', table: 'items', ...options });
  return named('sqlite', ({ clock }) => new SqliteItems(options, table, clock));
}

class SqliteItems implements ItemPipeline {
  readonly name = 'sqlite';
  readonly #options: SqliteOptions;
  readonly #table: ItemTable;
  readonly #clock: Clock;
  readonly #path: string;
  #open: { readonly database: SqliteDatabase; readonly upsert: SqliteStatement } | undefined;

  constructor(options: SqliteOptions, table: ItemTable, clock: Clock) {
    this.#options = options;
    this.#table = table;
    this.#clock = clock;
    this.#path = options.file === ':memory:' ? options.file : resolve(options.file);
  }

  async open(): Promise<void> {
    const driver = this.#options.driver ?? sqliteDriver();
    let database: SqliteDatabase | undefined;
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      database = new driver(this.#path);
      this.#prepare(database);
      this.#open = { database, upsert: database.prepare(this.#upsertSql()) };
    } catch (error) {
      database?.close();
      throw error instanceof OutputError ? error : sqliteProblem(this.#path, error);
    }
  }

  commit(batch: readonly CommittedItem[]): void {
    if (this.#open === undefined) throw new OutputError(this.#path, 'the database is closed');
    const { database, upsert } = this.#open;
    const scrapedAt = new Date(this.#clock.now()).toISOString();
    let where = '';
    try {
      database.exec('BEGIN IMMEDIATE');
      if (this.#options.replacePages === true) this.#removeStale(database, batch);
      for (const one of batch) {
        where = `item ${one.ordinal} of page ${one.fingerprint}: `;
        upsert.run(...sqliteValues(this.#table.row(one, scrapedAt)));
      }
      where = '';
      database.exec('COMMIT');
    } catch (error) {
      rollBack(database);
      throw sqliteProblem(this.#path, error, where);
    }
  }

  close(): void {
    this.#open?.database.close();
    this.#open = undefined;
  }

  #prepare(database: SqliteDatabase): void {
    const { busyTimeoutMs = 5000, synchronous = 'NORMAL' } = this.#options;
    database.exec(`PRAGMA busy_timeout = ${Math.max(0, Math.trunc(busyTimeoutMs)) || 0}`);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(`PRAGMA synchronous = ${synchronous === 'FULL' ? 'FULL' : 'NORMAL'}`);
    database.exec(this.#table.createSql());
    const columns = database.prepare('SELECT name FROM pragma_table_xinfo(?)');
    const rows = columns.all(this.#options.table ?? 'items') as { readonly name: string }[];
    const problem = this.#table.problemWith(rows.map(({ name }) => name));
    if (problem !== undefined) throw new OutputError(this.#path, problem);
  }

  #upsertSql(): string {
    return this.#table.upsertSql(`(${this.#table.columns.map(() => '?').join(', ')})`);
  }

  #removeStale(database: SqliteDatabase, batch: readonly CommittedItem[]): void {
    const sql = `DELETE FROM ${this.#table.name} WHERE "fingerprint" = ? AND "ordinal" >= ?`;
    const remove = database.prepare(sql);
    for (const { fingerprint, fromOrdinal } of staleRows(batch)) remove.run(fingerprint, fromOrdinal);
  }
}

/** Where SQLite has rolled back by itself, as on a full disk, there is nothing left to do. */
function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // The fault that led here is the one to tell.
  }
}
