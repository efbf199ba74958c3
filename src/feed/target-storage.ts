import type { FeedStorage } from '../contracts/feed-storage.ts';
import type { FeedTarget } from './feed-target.ts';
import type { FeedDocument } from './file-exporter.ts';

const NOTHING = new Uint8Array();

/** A target that takes bytes in order, whatever document they are of. */
export class TargetStorage implements FeedStorage {
  readonly location: string;
  readonly #target: FeedTarget;
  readonly #document: FeedDocument;

  constructor(target: FeedTarget, format: string) {
    this.location = target.location;
    this.#target = target;
    this.#document = { format, start: () => NOTHING, end: () => NOTHING };
  }

  async check(): Promise<void> {
    await this.#target.prepare?.(this.#document, '');
  }

  async open(): Promise<void> {
    await this.#target.open(this.#document);
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.#target.append(chunk, NOTHING);
  }

  async close(): Promise<void> {
    await this.#target.close(this.#document);
  }

  async discard(): Promise<void> {
    await this.#target.close(this.#document, new Error('items are missing'));
  }
}
