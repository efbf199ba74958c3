import type { FeedDurability } from '../contracts/feed.ts';
import type { FeedTarget } from './feed-target.ts';
import type { FeedDocument } from './file-exporter.ts';
import { GzipDocument } from './gzip-document.ts';
import { GzipMember } from './gzip-member.ts';

/**
 * Packs what goes to another target with gzip. A local file is a whole gzip file after each append, also after
 * one that failed. Adding to a file that is there adds a member, which readers join.
 */
export class GzipTarget implements FeedTarget {
  readonly location: string;
  readonly durability: FeedDurability;
  readonly #target: FeedTarget;
  readonly #level: number;
  #member: GzipMember;

  /** @param level - 0 (stored) to 9 (smallest). */
  constructor(target: FeedTarget, level: number) {
    this.location = target.location;
    this.durability = target.durability === 'cursor' ? 'whole' : target.durability;
    this.#target = target;
    this.#level = level;
    this.#member = new GzipMember(level);
  }

  async open(document: FeedDocument): Promise<void> {
    this.#member = new GzipMember(this.#level);
    await this.#target.open(this.#packed(document));
  }

  async append(records: Uint8Array, end: Uint8Array): Promise<void> {
    const packed = await this.#member.add(Buffer.from(records));
    await this.#target.append(packed, this.#member.end(Buffer.from(end)));
  }

  async sync(): Promise<void> {
    await this.#target.sync?.();
  }

  async close(document: FeedDocument, failure?: Error): Promise<number> {
    return await this.#target.close(this.#packed(document), failure);
  }

  async prepare(document: FeedDocument, basePath: string): Promise<boolean> {
    return (await this.#target.prepare?.(this.#packed(document), basePath)) ?? false;
  }

  #packed(document: FeedDocument): GzipDocument {
    return new GzipDocument(document, this.#member, this.#level);
  }
}
