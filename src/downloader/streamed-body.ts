import type { BodyWriter } from '../contracts/body-sink.ts';
import { BodyTooLargeError } from '../errors/body-too-large-error.ts';
import { DataLossError } from '../errors/data-loss-error.ts';
import { OutputError } from '../errors/output-error.ts';
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
  /** Longest that one call of the writer may take, milliseconds: a slow disk is waited for, a dead one is not. */
  readonly maxCallMs: number;
  /** There is room again after `push` said no. */
  readonly onDrain: () => void;
  /** The body cannot be written: the download has failed. May be called again. */
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
/** How long a writer that is given up may take to remove what it wrote before nobody waits for it. */
const MAX_REMOVAL_MS = 5_000;

/** A body on its way from the network to a writer: a bounded queue, the unpacking, the limits. */
export class StreamedBody {
  readonly #writer: BodyWriter;
  readonly #options: StreamedBodyOptions;
  readonly #queue: Uint8Array[] = [];
  readonly #written: Promise<StreamedEnd>;
  #leave: (error: unknown) => void = () => {};
  #queued = 0;
  #isEnded = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(writer: BodyWriter, options: StreamedBodyOptions) {
    this.#writer = writer;
    this.#options = options;
    this.#written = new Promise((resolve, reject) => {
      this.#leave = reject;
      // Later: whoever is told of an error has this object then.
      queueMicrotask(() => this.#write().then(resolve, reject));
    });
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

  /**
   * Gives it up. Settles when what was written is removed, or when the writer hangs: it removes it then when it comes
   * back. Never rejects.
   */
  async abort(error: Error): Promise<void> {
    this.#error ??= error;
    this.#wake?.();
    const timer = this.#leaveSoon(error);
    await this.#written.catch(() => {});
    clearTimeout(timer);
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

  #leaveSoon(error: unknown): NodeJS.Timeout {
    return setTimeout(this.#leave, Math.min(this.#options.maxCallMs, MAX_REMOVAL_MS), error);
  }

  async #inTime(call: Promise<void> | void): Promise<void> {
    if (call === undefined) return;
    const timer = setTimeout(() => this.#giveUpWriter(), this.#options.maxCallMs);
    try {
      await call;
    } finally {
      clearTimeout(timer);
    }
  }

  #giveUpWriter(): void {
    const { url, maxCallMs, onError } = this.#options;
    const error = new OutputError(
      `the body of ${url}`,
      `was not written within ${maxCallMs} ms: is the disk there?`,
    );
    void this.abort(error);
    onError(error);
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
        await this.#inTime(this.#writer.write(chunk));
      }
      await this.#inTime(this.#writer.end());
      if (this.#error !== undefined) throw this.#error;
      return { contentEncoding: left, partial };
    } catch (error) {
      // At once: nothing more need come.
      this.#options.onError(error);
      const timer = this.#leaveSoon(error);
      await this.#writer.abort(error);
      clearTimeout(timer);
      throw error;
    }
  }
}
