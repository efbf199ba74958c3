import type { FeedDurability } from '../contracts/feed.ts';
import type { FeedStorage } from '../contracts/feed-storage.ts';
import { bytesOf } from './bytes-of.ts';
import type { FeedTarget } from './feed-target.ts';
import type { FeedDocument } from './file-exporter.ts';

/** A destination that only takes bytes one after the other. */
export class StorageTarget implements FeedTarget {
  readonly location: string;
  readonly durability: FeedDurability;
  readonly #storage: FeedStorage;
  readonly #storeEmpty: boolean;
  #start: Uint8Array | undefined;
  #bytes = 0;

  constructor(storage: FeedStorage, storeEmpty: boolean, durability: FeedDurability) {
    this.location = storage.location;
    this.durability = durability;
    this.#storage = storage;
    this.#storeEmpty = storeEmpty;
  }

  async open(document: FeedDocument): Promise<void> {
    await this.#storage.open();
    this.#start = bytesOf(document.start());
    if (this.#storeEmpty) await this.append(new Uint8Array());
  }

  async append(records: Uint8Array): Promise<void> {
    const start = this.#start;
    this.#start = undefined;
    if (start !== undefined) await this.#write(start);
    await this.#write(records);
  }

  async prepare(): Promise<boolean> {
    await this.#storage.check?.();
    return false;
  }

  async close(document: FeedDocument, failure?: Error): Promise<number> {
    if (failure !== undefined && this.#storage.discard !== undefined) {
      await this.#storage.discard();
      return 0;
    }
    if (this.#start === undefined) await this.#write(bytesOf(document.end()));
    await this.#storage.close();
    return this.#bytes;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    await this.#storage.write(bytes);
    this.#bytes += bytes.length;
  }
}
