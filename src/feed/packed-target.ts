import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
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
  /** Settles with the end of the stream; rejects also where it is closed before that, with an error or none. */
  #ended: Promise<void> = Promise.resolve();
  #refuseWrite: (error: Error) => void = () => {};
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
    this.#ended = finished(stream).catch((error: Error) => Promise.reject(this.#told(error)));
    this.#ended.catch((error: Error) => this.#refuseWrite(error));
    this.#stream = stream;
    if (this.#storeEmpty) await this.append(NOTHING);
  }

  async append(records: Uint8Array): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined) throw new Error('the feed is not open');
    const bytes = Buffer.concat([this.#start ?? NOTHING, records]);
    this.#start = undefined;
    if (bytes.length > 0) await this.#write(stream, bytes);
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
        stream.end(bytesOf(document.end()));
        await this.#ended;
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

  /** A stream that is destroyed may never answer a write: its end answers for it. */
  async #write(stream: Duplex, bytes: Buffer): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#refuseWrite = reject;
      stream.write(bytes, (error) => (error ? reject(this.#told(error)) : resolve()));
    });
    if (stream.destroyed) await this.#ended;
  }

  /** What a stream that ends itself gives as the reason tells nobody where to look. */
  #told(error: Error): Error {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ERR_STREAM_DESTROYED') return error;
    return new Error(`the stream of ${this.#packing.name} was closed before its end`, { cause: error });
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
