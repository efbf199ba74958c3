import { createHash } from 'node:crypto';
import type { BodySink, BodyWriter, ResponseHead } from '../../src/api.ts';
import type { FileStore, FileWriter } from './file-store.ts';

/** Hash functions for checksums. */
export type ChecksumAlgorithm = 'sha256' | 'md5';

interface Part {
  readonly file: FileWriter;
  readonly checksum: string;
  readonly bytes: number;
}

/** Writes the body of one download to a store while it comes. What is not kept is discarded. */
export class StoredBody implements BodySink {
  readonly #store: FileStore;
  readonly #algorithm: ChecksumAlgorithm;
  #whole: Part | undefined;

  constructor(store: FileStore, algorithm: ChecksumAlgorithm) {
    this.#store = store;
    this.#algorithm = algorithm;
  }

  /** Bytes that were written and not kept yet. */
  get bytes(): number {
    return this.#whole?.bytes ?? 0;
  }

  /** Only what is asked for is written: no error pages, no redirects. */
  begin({ status }: Pick<ResponseHead, 'status'>): BodyWriter | undefined {
    if (status !== 200) return undefined;
    const hash = createHash(this.#algorithm);
    let file: FileWriter | undefined;
    let bytes = 0;
    return {
      write: async (chunk) => {
        file ??= await this.#store.create();
        hash.update(chunk);
        bytes += chunk.length;
        await file.write(chunk);
      },
      end: async () => {
        await this.discard();
        if (file !== undefined) this.#whole = { file, bytes, checksum: hash.digest('hex') };
      },
      abort: async () => file?.discard(),
    };
  }

  /** Takes a body that came in memory. */
  async take(body: Uint8Array): Promise<void> {
    const writer = this.begin({ status: 200 });
    try {
      if (body.length > 0) await writer?.write(body);
      await writer?.end();
    } catch (error) {
      await writer?.abort(error);
      throw error;
    }
  }

  /** Puts what was written under a path; its checksum. */
  async keep(path: string, contentType: string | undefined): Promise<string> {
    if (this.#whole === undefined) throw new Error('there is nothing to keep');
    const { file, checksum } = this.#whole;
    await file.keep(path, { contentType, checksum: `${this.#algorithm}:${checksum}` });
    this.#whole = undefined;
    return checksum;
  }

  /** Throws away what was not kept. */
  async discard(): Promise<void> {
    const { file } = this.#whole ?? {};
    this.#whole = undefined;
    await file?.discard();
  }
}

/** The checksum of a stored file: what the store knows of it, else from its bytes. */
export async function checksumOf(
  store: FileStore,
  path: string,
  algorithm: ChecksumAlgorithm,
  known: string | undefined,
): Promise<string> {
  if (known?.startsWith(`${algorithm}:`)) return known.slice(algorithm.length + 1);
  const hash = createHash(algorithm);
  for await (const chunk of store.read(path)) hash.update(chunk);
  return hash.digest('hex');
}
