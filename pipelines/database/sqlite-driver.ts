import { ComponentError, errorMessage, OutputError } from '../../src/api.ts';
import type { SqlValue } from './dialect.ts';
import { optionalPackage } from './optional-package.ts';

/** A prepared statement, as `node:sqlite` and better-sqlite3 both have it. */
export interface SqliteStatement {
  run(...values: (string | number | bigint | Uint8Array | null)[]): unknown;
  all(...values: (string | number | bigint | Uint8Array | null)[]): unknown[];
}

/** An open database, as `node:sqlite` and better-sqlite3 both have it. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
  close(): unknown;
}

/** The class that opens a file: `DatabaseSync` of `node:sqlite`, or what better-sqlite3 exports. */
export type SqliteDriver = new (file: string) => SqliteDatabase;

const HINT = ' (or run on Node 22.13 or newer, which has SQLite built in)';
const FULL = 13;
const BUSY = 5;
/** SQLite's result codes in words: the number is what `node:sqlite` tells, the name what better-sqlite3 tells. */
const PROBLEMS: readonly (readonly [code: number, name: string, problem: string])[] = [
  [
    BUSY,
    'SQLITE_BUSY',
    'another process keeps the database locked; end it or let each write to its own file',
  ],
  [8, 'SQLITE_READONLY', 'the database cannot be written: permission denied or read-only'],
  [10, 'SQLITE_IOERR', 'the disk failed'],
  [11, 'SQLITE_CORRUPT', 'the database is damaged; restore it or write to another file'],
  [FULL, 'SQLITE_FULL', 'the disk is full'],
  [14, 'SQLITE_CANTOPEN', 'the file cannot be opened: check that its folder exists and may be written'],
  [26, 'SQLITE_NOTADB', 'the file is no SQLite database'],
];

/**
 * Node's own SQLite where it is there without a flag (22.13 and later), else better-sqlite3.
 *
 * @throws ComponentError when there is neither.
 */
export function sqliteDriver(): SqliteDriver {
  const builtIn = process.getBuiltinModule('node:sqlite') as { DatabaseSync: SqliteDriver } | undefined;
  if (builtIn !== undefined) return builtIn.DatabaseSync;
  const driver = optionalPackage('sqlite', 'better-sqlite3', HINT) as SqliteDriver;
  try {
    // Its binary is looked for only now.
    new driver(':memory:').close();
  } catch (error) {
    throw new ComponentError(
      'sqlite',
      `the binary of better-sqlite3 does not load: npm rebuild better-sqlite3${HINT}: ${errorMessage(error)}`,
      { cause: error },
    );
  }
  return driver;
}

/** Any fault of SQLite as the error that stops the crawl, in words. */
export function sqliteProblem(target: string, error: unknown, where = ''): OutputError {
  const { code, errcode } = error as { readonly code?: unknown; readonly errcode?: unknown };
  const known = PROBLEMS.find(
    ([number, name]) =>
      (typeof errcode === 'number' && (errcode & 0xff) === number) ||
      (typeof code === 'string' && code.startsWith(name)),
  );
  const said = errorMessage(error);
  return new OutputError(target, `${where}${known === undefined ? said : `${known[2]} (${said})`}`, {
    cause: error,
  });
}

/** Values as both drivers take them; there is no boolean among them. */
export function sqliteValues(row: readonly SqlValue[]): Exclude<SqlValue, boolean>[] {
  return row.map((value) => (typeof value === 'boolean' ? Number(value) : value));
}
