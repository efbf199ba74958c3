import type { BodyWriter } from '../contracts/body-sink.ts';
import { BodyTooLargeError } from '../errors/body-too-large-error.ts';
import { DataLossError } from '../errors/data-loss-error.ts';
import { MAX_CODINGS, readCodings } from './content-decoding.ts';
import { undoCodings } from './streamed-decoding.ts';
import { countPassed } from './young-garbage.ts';

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
  readonly #queue: Uint8Array[] = [];
  readonly #written: Promise<StreamedEnd>;
  #queued = 0;
  #isEnded = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(writer: BodyWriter, options: StreamedBodyOptions) {
    this.#writer = writer;
    this.#options = options;
    this.#written = this.#write();
    this.#written.catch(options.onError);
  }

  /** False: no more before `onDrain`, please. */
  push(chunk: Uint8Array): boolean {
    countPassed(chunk.length);
    this.#queue.push(chunk);
    this.#queued += chunk.length;
    this.#wake?.();
    return this.#queued < QUEUE_BYTES;
  }

  /** There is no more. Settles when all is written. */
  end(): Promise<StreamedEnd> {
    this.#isEnded = true;
    this.#wake?.();
    return this.#written;
  }

  /** Gives it up. Settles when what was written is removed; never rejects. */
  abort(error: Error): Promise<void> {
    this.#error ??= error;
    this.#wake?.();
    return this.#written.then(
      () => {},
      () => {},
    );
  }

  /** What is pushed, as it comes: joining small chunks would cost more memory than it saves time. */
  async *#chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      const chunk = this.#queue.shift();
      if (chunk !== undefined) {
        this.#queued -= chunk.length;
        if (this.#queued < QUEUE_BYTES) this.#options.onDrain();
        yield chunk;
      } else if (this.#isEnded) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
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
      for await (const chunk of undoCodings(this.#chunks(), names, { url, failOnDataLoss, onPartial })) {
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
