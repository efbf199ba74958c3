import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { Packing } from './byte-packing.ts';
import { bytesOf } from './bytes-of.ts';
import type { FeedTarget } from './feed-target.ts';
import {
  type FeedDocument,
  type FileDocument,
  type FilePieces,
  isFileDocument,
  needsAllItems,
} from './file-exporter.ts';
import { through } from './through.ts';

const NOTHING: Buffer = Buffer.alloc(0);

/** Packs what goes to another target as one stream, which is whole at its end only. */
export class PackedTarget implements FeedTarget {
  readonly location: string;
  readonly durability: FeedTarget['durability'];
  readonly #target: FeedTarget;
  readonly #packing: Packing;
  readonly #storeEmpty: boolean;
  readonly #looksFirst: boolean;
  #stream: Duplex | undefined;
  #fault: Error | undefined;
  #packed: Buffer[] = [];
  /** What begins the document, where it is not written yet. */
  #start: Buffer | undefined;

  /** @param options - `looksFirst`: what is there already counts, as no job has looked at it. */
  constructor(
    target: FeedTarget,
    packing: Packing,
    { storeEmpty, looksFirst }: { readonly storeEmpty: boolean; readonly looksFirst: boolean },
  ) {
    this.location = target.location;
    this.durability = target.durability === 'cursor' ? 'whole' : target.durability;
    this.#target = target;
    this.#packing = packing;
    this.#storeEmpty = storeEmpty;
    this.#looksFirst = looksFirst;
  }

  async open(document: FeedDocument): Promise<void> {
    // Nothing can be appended: a file with content is overwritten as asked, or this throws.
    if (this.#looksFirst) await this.prepare(document, '');
    await this.#target.open(this.#outer(document));
    this.#start = bytesOf(document.start());
    const stream = this.#packing.pack();
    stream.on('data', (piece: Buffer) => this.#packed.push(piece));
    stream.on('error', (error) => {
      this.#fault ??= error;
    });
    this.#stream = stream;
    if (this.#storeEmpty) await this.append(NOTHING);
  }

  async append(records: Uint8Array): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined) throw new Error('the feed is not open');
    const bytes = Buffer.concat([this.#start ?? NOTHING, records]);
    this.#start = undefined;
    if (bytes.length > 0) await new Promise<void>((resolve) => stream.write(bytes, () => resolve()));
    if (this.#fault !== undefined) throw this.#fault;
    await this.#hand();
  }

  async sync(): Promise<void> {
    await this.#target.sync?.();
  }

  async close(document: FeedDocument, failure?: Error): Promise<number> {
    const stream = this.#stream;
    this.#stream = undefined;
    let fault = failure;
    if (stream !== undefined && failure === undefined && this.#start === undefined) {
      try {
        const ended = once(stream, 'end');
        stream.end(bytesOf(document.end()));
        await ended;
        await this.#hand();
      } catch (error) {
        fault = error as Error;
      }
    } else {
      stream?.destroy();
    }
    const bytes = await this.#target.close(this.#outer(document), fault);
    if (fault !== undefined && fault !== failure) throw fault;
    return bytes;
  }

  async prepare(document: FeedDocument, basePath: string): Promise<boolean> {
    return (await this.#target.prepare?.(this.#outer(document), basePath)) ?? false;
  }

  /** Gives to the target what is packed so far. */
  async #hand(): Promise<void> {
    const pieces = this.#packed;
    this.#packed = [];
    if (pieces.length > 0) await this.#target.append(Buffer.concat(pieces), NOTHING);
  }

  /** The document as the target has it: nothing but the stream. */
  #outer(document: FeedDocument): FileDocument {
    const { name, pack, unpack } = this.#packing;
    return {
      format: document.format,
      needsAllItems: unpack !== undefined && needsAllItems(document),
      start: () => NOTHING,
      end: () => NOTHING,
      async resume() {
        throw new Error(
          `${document.format} ${name === 'postprocessing' ? 'behind postprocessing' : `packed with ${name}`} cannot be appended to; overwrite it with -O, write .gz, or choose another name`,
        );
      },
      revision() {
        const revision = isFileDocument(document) ? document.revision?.() : undefined;
        if (revision === undefined || unpack === undefined) return undefined;
        return (file: FilePieces) => through(revision(through(file, unpack())), pack());
      },
    };
  }
}
