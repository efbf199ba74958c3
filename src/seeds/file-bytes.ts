import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { SeedBytes } from './seed-bytes.ts';

/** Seeds in a file, `.gz` unpacked as it is read. */
export class FileBytes implements SeedBytes {
  readonly name: string;
  readonly #isPacked: boolean;
  #stream: Readable | undefined;
  /** What is appended while it is read may have been seen or not. */
  #sizeBefore = 0;

  constructor(path: string) {
    this.name = path;
    this.#isPacked = /\.gz$/i.test(path);
  }

  size(): number {
    return this.#sizeBefore;
  }

  async hasMoreThan(size: number): Promise<boolean> {
    return (await stat(this.name)).size !== size;
  }

  async *read(offset: number): AsyncIterable<Buffer> {
    this.#sizeBefore = (await stat(this.name)).size;
    if (!this.#isPacked) {
      this.#stream = createReadStream(this.name, { start: offset });
      yield* this.#stream as AsyncIterable<Buffer>;
      return;
    }
    // Faults of the file reach the reader through the unpacked stream.
    const unpacked = pipeline(createReadStream(this.name), createGunzip(), () => {});
    this.#stream = unpacked;
    let skip = offset;
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      if (skip < chunk.length) yield chunk.subarray(skip);
      skip = Math.max(0, skip - chunk.length);
    }
  }

  close(): void {
    this.#stream?.destroy();
  }
}
