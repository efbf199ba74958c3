import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedStorage } from '../contracts/feed-storage.ts';
import type { FeedTarget } from './feed-target.ts';
import type { FeedDocument } from './file-exporter.ts';
import { FileTarget } from './file-target.ts';

/** A destination that takes bytes in order only, for a document that is known at its end: kept in a temporary file until then. */
export class SpoolTarget implements FeedTarget {
  readonly location: string;
  readonly durability = 'whole';
  readonly #storage: FeedStorage;
  readonly #storeEmpty: boolean;
  #folder = '';
  #file: FileTarget | undefined;

  constructor(storage: FeedStorage, storeEmpty: boolean) {
    this.location = storage.location;
    this.#storage = storage;
    this.#storeEmpty = storeEmpty;
  }

  async open(document: FeedDocument): Promise<void> {
    await this.#storage.open();
    this.#folder = await mkdtemp(join(tmpdir(), 'orbweaver-feed-'));
    this.#file = new FileTarget(this.#path, { storeEmpty: this.#storeEmpty });
    await this.#file.open(document);
  }

  async append(records: Uint8Array, end: Uint8Array): Promise<void> {
    await this.#file?.append(records, end);
  }

  async prepare(): Promise<boolean> {
    await this.#storage.check?.();
    return false;
  }

  async close(document: FeedDocument, failure?: Error): Promise<number> {
    try {
      if (failure !== undefined && this.#storage.discard !== undefined) {
        await this.#file?.release();
        await this.#storage.discard();
        return 0;
      }
      const bytes = (await this.#file?.close(document)) ?? 0;
      if (bytes > 0) {
        for await (const piece of createReadStream(this.#path)) await this.#storage.write(piece as Buffer);
      }
      await this.#storage.close();
      return bytes;
    } finally {
      await rm(this.#folder, { recursive: true, force: true });
    }
  }

  get #path(): string {
    return join(this.#folder, 'rows');
  }
}
