// The built-in item pipelines.
export type { ItemColumns } from './database/item-table.ts';
export type { PostgresConnection } from './database/postgres-pool.ts';
export type { SqliteDatabase, SqliteDriver, SqliteStatement } from './database/sqlite-driver.ts';
export { type DedupeOptions, dedupe } from './dedupe.ts';
export { type PostgresOptions, postgres } from './postgres.ts';
export { requireFields } from './require-fields.ts';
export { type SqliteOptions, sqlite } from './sqlite.ts';
export { type ValidateOptions, validate } from './validate.ts';
