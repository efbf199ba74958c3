// The built-in item pipelines.
export type { ItemColumns } from './database/item-table.ts';
export type { PostgresConnection } from './database/postgres-pool.ts';
export type { SqliteDatabase, SqliteDriver, SqliteStatement } from './database/sqlite-driver.ts';
export { type DedupeOptions, dedupe } from './dedupe.ts';
export { type FilesOptions, files } from './files.ts';
export { type ImagesOptions, images } from './images.ts';
export type { FileInfo, FileStore, FileWriter, StoredFile } from './media/file-store.ts';
export { FolderStore, type FolderStoreOptions } from './media/folder-store.ts';
export type {
  MediaFailure,
  MediaOptions,
  MediaPath,
  MediaResult,
  MediaStatus,
  StoredMedia,
} from './media/media-options.ts';
export { S3Store, type S3StoreOptions } from './media/s3-store.ts';
export type { Sharp, SharpImage } from './media/sharp.ts';
export type { ChecksumAlgorithm } from './media/stored-body.ts';
export { type PostgresOptions, postgres } from './postgres.ts';
export { requireFields } from './require-fields.ts';
export { type SqliteOptions, sqlite } from './sqlite.ts';
export { type ValidateOptions, validate } from './validate.ts';
