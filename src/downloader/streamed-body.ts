import { Readable } from 'node:stream';
import type { BodyWriter } from '../contracts/body-sink.ts';
import { BodyTooLargeError } from '../errors/body-too-large-error.ts';
import { DataLossError } from '../errors/data-loss-error.ts';
import { MAX_CODINGS, readCodings } from './content-decoding.ts';
import { undoCodings } from './streamed-decoding.ts';

/** What bounds a body on its way to a writer, and who is told of it. */
export interface StreamedBodyOptions {
  /** Named in errors. */
  readonly url: string;
  /** Content-Encoding of the answer; undefined: nothing is to be undone. */
  readonly contentEncoding: string | undefined;
  /** Most bytes, unpacked. */
  readonly maxBytes: number;
  readonly failOnDataLoss: boolean;
  /** There is room again after `push` said no. */
  readonly onDrain: () => void;
  /** The body cannot be written: the download has failed. What was written is removed already. */
  readonly onError: (error: unknown) => void;
}

/** What became of a body. */
export interface StreamedEnd {
  /** The Content-Encoding that is still on what was written. */
  readonly contentEncoding: string | undefined;
  /** Whether it did not unpack to its end. */
  readonly partial: boolean;
}

/** Bytes between the network and the writer; beyond them the network waits. */
const QUEUE_BYTES = 256 * 1024;

/** A body on its way from the network to a writer: a bounded queue, the unpacking, the limits. */
export class StreamedBody {
  readonly #writer: BodyWriter;
  readonly #options: StreamedBodyOptions;
  readonly #queue: Readable;
  readonly #written: Promise<StreamedEnd>;

  constructor(writer: BodyWriter, options: StreamedBodyOptions) {
    this.#writer = writer;
    this.#options = options;
    this.#queue = new Readable({ highWaterMark: QUEUE_BYTES, read: options.onDrain });
    // An error without a reader of the queue is thrown by `#write` once it reads.
    this.#queue.on('error', () => {});
    this.#written = this.#write();
    this.#written.catch(options.onError);
  }

  /** False: no more before `onDrain`, please. */
  push(chunk: Uint8Array): boolean {
    return this.#queue.push(chunk);
  }

  /** There is no more. Settles when all is written. */
  end(): Promise<StreamedEnd> {
    this.#queue.push(null);
    return this.#written;
  }

  /** Gives it up. Settles when what was written is removed; never rejects. */
  abort(error: Error): Promise<void> {
    this.#queue.destroy(error);
    return this.#written.then(
      () => {},
      () => {},
    );
  }

  async #write(): Promise<StreamedEnd> {
    const { url, contentEncoding, maxBytes, failOnDataLoss } = this.#options;
    let partial = false;
    let size = 0;
    try {
      const { names, left } = readCodings(contentEncoding);
      if (names.length > MAX_CODINGS) {
        throw new DataLossError(url, `${names.length} content codings, at most ${MAX_CODINGS} are undone`);
      }
      const onPartial = (): void => {
        partial = true;
      };
      for await (const chunk of undoCodings(this.#queue, names, { url, failOnDataLoss, onPartial })) {
        size += chunk.length;
        if (size > maxBytes) throw new BodyTooLargeError(url, maxBytes);
        await this.#writer.write(chunk);
      }
      await this.#writer.end();
      return { contentEncoding: left, partial };
    } catch (error) {
      await this.#writer.abort(error);
      throw error;
    }
  }
}
