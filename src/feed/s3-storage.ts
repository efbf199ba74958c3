import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedStorage } from '../contracts/feed-storage.ts';
import { errorMessage } from '../errors/crawl-error.ts';
import { OutputError } from '../errors/output-error.ts';
import { SettingsError } from '../errors/settings-error.ts';
import { piecesOf, writeAll } from './file-bytes.ts';
import { isTaken, type S3Objects, s3Place } from './s3-objects.ts';

/**
 * An object of an S3-compatible storage: collected in a temporary file and uploaded at the close. After an upload
 * that failed, the error names the file.
 */
export class S3Storage implements FeedStorage {
  readonly location: string;
  readonly #place: { readonly bucket: string; readonly key: string };
  readonly #connect: () => Promise<S3Objects>;
  readonly #onlyNew: boolean;
  #objects: S3Objects | undefined;
  #folder = '';
  #file: FileHandle | undefined;
  #size = 0;

  /**
   * @param onlyNew - whether the upload must replace nothing, also what came since somebody asked `exists()`.
   * @throws SettingsError where the URI is not `s3://bucket/key`; keys of an account have no place in it.
   */
  constructor(uri: string, connect: () => Promise<S3Objects>, onlyNew = false) {
    const place = s3Place(uri);
    if (place === undefined || place.key === '') {
      throw new SettingsError(
        'an output at s3:// is named s3://bucket/key; put keys of the account into settings.s3 or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
      );
    }
    this.location = `s3://${place.bucket}/${place.key}`;
    this.#place = place;
    this.#connect = connect;
    this.#onlyNew = onlyNew;
  }

  async check(): Promise<void> {
    const objects = await this.#connect();
    objects.close();
  }

  async exists(): Promise<boolean> {
    const objects = await this.#connect();
    const { bucket, key } = this.#place;
    try {
      return (await objects.stat(bucket, key)) !== undefined;
    } catch (cause) {
      const problem = `what is there cannot be told: ${errorMessage(cause)}`;
      throw new OutputError(this.location, problem, { cause });
    } finally {
      objects.close();
    }
  }

  async open(): Promise<void> {
    this.#objects = await this.#connect();
    this.#folder = await mkdtemp(join(tmpdir(), 'orbweaver-s3-'));
    this.#file = await open(this.#path, 'wx+', 0o600);
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#file === undefined) throw new OutputError(this.location, 'the feed is not open');
    await writeAll(this.#file, chunk, this.#size);
    this.#size += chunk.length;
  }

  async close(): Promise<void> {
    const file = this.#file;
    const objects = this.#objects;
    if (file === undefined || objects === undefined) return;
    this.#file = undefined;
    try {
      const content = (): AsyncIterable<Uint8Array> => piecesOf(file, this.#size);
      await objects.upload({
        ...this.#place,
        open: content,
        onlyNew: this.#onlyNew,
      });
    } catch (cause) {
      const reason =
        this.#onlyNew && isTaken(cause) ? 'it is there already' : `the upload failed: ${errorMessage(cause)}`;
      const problem = `${reason}; what was to be uploaded is in ${this.#path}`;
      throw new OutputError(this.location, problem, { cause });
    } finally {
      await file.close();
      objects.close();
    }
    await this.#remove();
  }

  async discard(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    this.#objects?.close();
    await this.#remove();
  }

  get #path(): string {
    return join(this.#folder, 'content');
  }

  async #remove(): Promise<void> {
    if (this.#folder !== '') await rm(this.#folder, { recursive: true, force: true });
  }
}
