import type { Readable } from 'node:stream';
import type { SeedBytes } from './seed-bytes.ts';

/** Seeds out of a stream that is read once: standard input, a named pipe. */
export class StreamBytes implements SeedBytes {
  readonly name: string;
  readonly #stream: Readable;

  constructor(name: string, stream: Readable) {
    this.name = name;
    this.#stream = stream;
  }

  size(): undefined {
    return undefined;
  }

  async hasMoreThan(): Promise<boolean> {
    return true;
  }

  async *read(): AsyncIterable<Buffer> {
    for await (const chunk of this.#stream) yield Buffer.from(chunk as Uint8Array | string);
  }

  close(): void {
    this.#stream.destroy();
  }
}
