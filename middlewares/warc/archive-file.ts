import { type FileHandle, open } from 'node:fs/promises';
import { ArchiveError, errorMessage } from '../../src/api.ts';

const WINDOW_BYTES = 256 * 1024;

/** The bytes of an archive on disk, read in large pieces from any place. */
export class ArchiveFile {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #windowBytes: number;
  #window: Buffer = Buffer.alloc(0);
  #start = 0;

  private constructor(path: string, file: FileHandle, windowBytes: number) {
    this.path = path;
    this.#file = file;
    this.#windowBytes = windowBytes;
  }

  /**
   * Opens a file for reading. `windowBytes` is how much is read at once.
   *
   * @throws ArchiveError where the file cannot be opened.
   */
  static async open(path: string, windowBytes: number = WINDOW_BYTES): Promise<ArchiveFile> {
    try {
      return new ArchiveFile(path, await open(path, 'r'), windowBytes);
    } catch (cause) {
      throw new ArchiveError(path, `cannot be opened: ${errorMessage(cause)}`, { cause });
    }
  }

  /** What stands at a place, at least so many bytes unless the file ends before; empty behind its end. */
  async at(position: number, least = 1): Promise<Buffer> {
    const held = this.#held(position);
    if (held !== undefined && held.length >= least) return held;
    // A new buffer each time: others may still read from the last one.
    const window = Buffer.allocUnsafe(Math.max(least, this.#windowBytes));
    let length = 0;
    while (length < window.length) {
      const { bytesRead } = await this.#read(window, length, position + length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    this.#window = window.subarray(0, length);
    this.#start = position;
    return this.#window;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  #held(position: number): Buffer | undefined {
    const from = position - this.#start;
    return from >= 0 && from < this.#window.length ? this.#window.subarray(from) : undefined;
  }

  async #read(window: Buffer, at: number, position: number): Promise<{ readonly bytesRead: number }> {
    try {
      return await this.#file.read(window, at, window.length - at, position);
    } catch (cause) {
      throw new ArchiveError(this.path, `cannot be read: ${errorMessage(cause)}`, { cause });
    }
  }
}
