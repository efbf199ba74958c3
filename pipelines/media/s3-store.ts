import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  errorMessage,
  OutputError,
  openS3,
  type S3Objects,
  type S3Options,
  SettingsError,
  s3Place,
} from '../../src/api.ts';
import type { FileInfo, FileStore, FileWriter, StoredFile } from './file-store.ts';
import { FolderStore } from './folder-store.ts';

/** How {@link S3Store} reaches its storage. */
export interface S3StoreOptions extends S3Options {
  /** Opens the storage. @defaultValue Amazon's own packages, which have to be installed */
  readonly open?: (options: S3Options) => Promise<S3Objects>;
}

const CHECKSUM = 'checksum';

/**
 * Keeps files in an S3-compatible storage, under `s3://bucket/prefix`. A file is collected in a private temporary
 * folder and uploaded when it is whole, with its type, and its checksum in the metadata, so that a later crawl need not
 * read it again. What the storage refuses ends the crawl.
 */
export class S3Store implements FileStore {
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #location: string;
  readonly #options: S3StoreOptions;
  #objects: S3Objects | undefined;
  #folder = '';
  #spool: FolderStore | undefined;
  #count = 0;

  /** @throws SettingsError where the address is not `s3://bucket` or `s3://bucket/prefix`. */
  constructor(uri: string, options: S3StoreOptions = {}) {
    const place = s3Place(uri);
    if (place === undefined) {
      throw new SettingsError(
        'a store at s3:// is named s3://bucket/prefix; put keys of the account into settings.s3 or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
      );
    }
    this.#bucket = place.bucket;
    this.#prefix = place.key === '' || place.key.endsWith('/') ? place.key : `${place.key}/`;
    this.#location = `s3://${this.#bucket}/${this.#prefix}`;
    this.#options = options;
  }

  /** @throws SettingsError where the packages are missing, or an endpoint has no TLS. */
  async open(): Promise<void> {
    const { open = openS3, ...options } = this.#options;
    this.#objects = await open(options);
    this.#folder = await mkdtemp(join(tmpdir(), 'orbweaver-s3-'));
    this.#spool = new FolderStore(this.#folder);
  }

  async stat(path: string): Promise<StoredFile | undefined> {
    const facts = await this.#guarded((objects) => objects.stat(this.#bucket, this.#prefix + path));
    if (facts === undefined) return undefined;
    const { bytes, storedAtMs, metadata } = facts;
    const checksum = metadata[CHECKSUM];
    return { bytes, storedAtMs, ...(checksum !== undefined && { checksum }) };
  }

  async *read(path: string): AsyncGenerator<Uint8Array> {
    yield* this.#opened.read(this.#bucket, this.#prefix + path);
  }

  async create(): Promise<FileWriter> {
    const spool = this.#spool;
    if (spool === undefined) throw new OutputError(this.#location, 'the store is not open');
    const file = await spool.create();
    return {
      write: (chunk) => file.write(chunk),
      keep: async (path, info) => {
        this.#count += 1;
        const name = String(this.#count);
        await file.keep(name, info);
        try {
          await this.#upload(path, info, () => spool.read(name));
        } finally {
          await rm(join(this.#folder, name), { force: true });
        }
      },
      discard: () => file.discard(),
    };
  }

  async close(): Promise<void> {
    this.#objects?.close();
    this.#objects = undefined;
    this.#spool = undefined;
    if (this.#folder !== '') await rm(this.#folder, { recursive: true, force: true });
  }

  #upload(
    path: string,
    { contentType, checksum }: FileInfo,
    open: () => AsyncIterable<Uint8Array>,
  ): Promise<void> {
    return this.#guarded((objects) =>
      objects.upload({
        bucket: this.#bucket,
        key: this.#prefix + path,
        open,
        contentType,
        ...(checksum !== undefined && { metadata: { [CHECKSUM]: checksum } }),
      }),
    );
  }

  get #opened(): S3Objects {
    if (this.#objects === undefined) throw new OutputError(this.#location, 'the store is not open');
    return this.#objects;
  }

  async #guarded<Value>(work: (objects: S3Objects) => Promise<Value>): Promise<Value> {
    const objects = this.#opened;
    try {
      return await work(objects);
    } catch (cause) {
      throw new OutputError(this.#location, errorMessage(cause), { cause });
    }
  }
}
