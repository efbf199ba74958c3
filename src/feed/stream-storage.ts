import type { Writable } from 'node:stream';
import type { FeedStorage } from '../contracts/feed-storage.ts';
import { printable } from '../values/printable.ts';

/** How a stream is used. */
export interface StreamStorageOptions {
  /** End the stream at the close; standard output stays open. @defaultValue `false` */
  readonly endsStream?: boolean;
  /** Called once when the reader has gone away: nobody wants more. */
  readonly onReaderGone?: (() => void) | undefined;
}

/** A stream: standard output, a pipe. When its reader goes away (`| head`), what is left is thrown away quietly. */
export class StreamStorage implements FeedStorage {
  readonly location: string;
  readonly #openStream: () => Writable;
  readonly #options: StreamStorageOptions;
  #stream: Writable | undefined;
  #isGone = false;

  constructor(location: string, openStream: () => Writable, options: StreamStorageOptions = {}) {
    this.location = location;
    this.#openStream = openStream;
    this.#options = options;
  }

  async open(): Promise<void> {
    this.#stream = this.#openStream();
    // Each write gets its error by its callback; without a listener the event would end the process.
    this.#stream.on('error', ignore);
  }

  async write(chunk: Uint8Array): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined || this.#isGone) return;
    await new Promise<void>((resolve, reject) => {
      stream.write(isScreen(stream) ? printable(Buffer.from(chunk).toString()) : chunk, (error) => {
        if (error === null || error === undefined) resolve();
        else if ('code' in error && error.code === 'EPIPE') resolve(this.#readerGone());
        else reject(error);
      });
    });
  }

  async close(): Promise<void> {
    const stream = this.#stream;
    this.#stream = undefined;
    if (stream === undefined) return;
    if (this.#options.endsStream && !this.#isGone) {
      await new Promise<void>((resolve, reject) => {
        stream.once('error', reject);
        stream.end(resolve);
      });
    }
    if (!this.#isGone) stream.off('error', ignore);
  }

  #readerGone(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#options.onReaderGone?.();
  }
}

function ignore(): void {}

/** What items hold came from pages: a screen shows its control characters, and does not obey them. */
function isScreen(stream: Writable): boolean {
  return 'isTTY' in stream && stream.isTTY === true;
}
