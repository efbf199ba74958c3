import { readdir } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { errorMessage, type Logger, openLevelStore, type Store, StoreError } from '../src/api.ts';

/** How a record store is opened. */
export interface RecordStoreOptions {
  /** What it is for, as messages say it: `HTTP cache`. Also told apart by it: one kind does not open another's folder. */
  readonly kind: string;
  /** What to do where another crawl has it. */
  readonly lockedAdvice: string;
  readonly logger: Logger;
  /** Opens the store of a folder. @defaultValue LevelDB, in a folder that holds nothing else */
  readonly openStore?: OpenStore | undefined;
}

/** Opens the store of a folder. @throws StoreError */
export type OpenStore = (folder: string) => Promise<Store>;

/** A record with its bytes. */
export interface StoredRecord<Head> {
  readonly head: Head;
  readonly body: Uint8Array;
}

interface Framed {
  readonly head: unknown;
  /** Bytes of the body. */
  readonly bytes: number;
  /** Where the chunks of a large body are; undefined: the body is in the record. */
  readonly slot?: number;
}

const FORMAT_KEY = 'format';
const VERSION = 1;
const HEADS = 'h/';
const CHUNKS = 'c/';
/** A body up to this size is part of its record. */
const INLINE_BYTES = 128 * 1024;
const CHUNK_BYTES = 256 * 1024;
const NO_BODY = new Uint8Array();

/**
 * Plain data with bytes, by key, in a LevelDB folder of its own. Each record bears a checksum over key and
 * content; one that fails it counts as missing, is deleted and logged. Large bodies are written in chunks, the
 * record that names them last: a crash leaves the old body or the new one.
 */
export class RecordStore {
  readonly #store: Store;
  readonly #logger: Logger;
  readonly #kind: string;
  /** The last thing under way for a key: what is read and written of one key is done one after the other. */
  readonly #busy = new Map<string, Promise<unknown>>();

  private constructor(store: Store, { kind, logger }: RecordStoreOptions) {
    this.#store = store;
    this.#kind = kind;
    this.#logger = logger;
  }

  /** @throws StoreError when another crawl has it, it holds something else, or it cannot be opened. */
  static async open(folder: string, options: RecordStoreOptions): Promise<RecordStore> {
    const { openStore = openLevelFolder } = options;
    const store = await openStore(folder).catch((error: unknown) => {
      if (!(error instanceof StoreError) || error.problem !== 'locked') throw error;
      const message = `another crawl has this ${options.kind} open: ${options.lockedAdvice}`;
      throw new StoreError(folder, 'locked', message, { cause: error });
    });
    try {
      await checkFormat(store, folder, options.kind);
    } catch (error) {
      await store.close();
      throw error;
    }
    return new RecordStore(store, options);
  }

  /** The record of a key; undefined: there is none, or it was damaged. @throws StoreError */
  read<Head>(key: string): Promise<StoredRecord<Head> | undefined> {
    return this.#inTurn(key, async () => {
      const framed = await this.#framed(key);
      if (framed === undefined) return undefined;
      const body = framed.slot === undefined ? framed.body : await this.#chunks(key, framed, framed.slot);
      if (body?.byteLength === framed.bytes) return { head: framed.head as Head, body };
      await this.#forget(key, 'its body is damaged');
      return undefined;
    });
  }

  /** Whether there is a record of a key, be it damaged or not. @throws StoreError */
  async has(key: string): Promise<boolean> {
    return (await this.#store.get(HEADS + key)) !== undefined;
  }

  /** Writes a record in place of what was there. @throws StoreError */
  write(key: string, head: object, body: Uint8Array = NO_BODY): Promise<void> {
    return this.#inTurn(key, async () => {
      const old = await this.#framed(key);
      const isInline = body.byteLength <= INLINE_BYTES;
      const slot = isInline ? undefined : old?.slot === 0 ? 1 : 0;
      if (slot !== undefined) await this.#writeChunks(key, slot, body);
      const framed: Framed = { head, bytes: body.byteLength, ...(slot !== undefined && { slot }) };
      const record = encode(HEADS + key, JSON.stringify(framed), isInline ? body : NO_BODY);
      const dropped = old?.slot === undefined ? [] : chunkKeys(key, old.slot, old.bytes);
      await this.#store.batch([
        [HEADS + key, record],
        ...dropped.map((chunk) => [chunk, undefined] as const),
      ]);
    });
  }

  /** Deletes a record; whether there was one. @throws StoreError */
  remove(key: string): Promise<boolean> {
    return this.#inTurn(key, () => this.#remove(key));
  }

  /** The heads of all records whose keys begin with some text, by key. @throws StoreError */
  async *heads<Head>(prefix: string): AsyncGenerator<readonly [key: string, head: Head]> {
    const to = `${HEADS}${prefix}\u{10ffff}`;
    for (let from = HEADS + prefix; ; ) {
      const entries = await this.#store.range(from, to, { limit: 100 });
      for (const { key, value } of entries) {
        const framed = decode(key, value);
        if (framed !== undefined) yield [key.slice(HEADS.length), framed.head as Head];
      }
      const last = entries.at(-1);
      if (last === undefined) return;
      from = `${last.key}\u0000`;
    }
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    while (this.#busy.size > 0) await Promise.allSettled(this.#busy.values());
    await this.#store.close();
  }

  async #framed(key: string): Promise<(Framed & { readonly body: Uint8Array }) | undefined> {
    const value = await this.#store.get(HEADS + key);
    if (value === undefined) return undefined;
    const framed = decode(HEADS + key, value);
    if (framed === undefined) await this.#forget(key, 'its checksum is wrong');
    return framed;
  }

  async #writeChunks(key: string, slot: number, body: Uint8Array): Promise<void> {
    for (const [at, name] of chunkKeys(key, slot, body.byteLength).entries()) {
      const chunk = body.subarray(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES);
      await this.#store.batch([[name, withChecksum(name, chunk)]]);
    }
  }

  async #chunks(key: string, { bytes }: Framed, slot: number): Promise<Uint8Array | undefined> {
    const chunks: Uint8Array[] = [];
    for (const name of chunkKeys(key, slot, bytes)) {
      const value = await this.#store.get(name);
      const chunk = value && checked(name, value);
      if (chunk === undefined) return undefined;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  async #forget(key: string, why: string): Promise<void> {
    this.#logger.warn(`${this.#kind}: a record counts as missing, ${why}`, { key });
    await this.#remove(key);
  }

  async #remove(key: string): Promise<boolean> {
    const value = await this.#store.get(HEADS + key);
    if (value === undefined) return false;
    const framed = decode(HEADS + key, value);
    const chunks = framed?.slot === undefined ? [] : chunkKeys(key, framed.slot, framed.bytes);
    await this.#store.batch([HEADS + key, ...chunks].map((name) => [name, undefined] as const));
    return true;
  }

  async #inTurn<Value>(key: string, work: () => Promise<Value>): Promise<Value> {
    const before = this.#busy.get(key);
    const turn = before === undefined ? work() : before.then(work, work);
    this.#busy.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#busy.get(key) === turn) this.#busy.delete(key);
    }
  }
}

/** A folder given by mistake is not filled with files, nor are its rights changed. */
async function openLevelFolder(folder: string): Promise<Store> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw new StoreError(folder, 'failed', `it cannot be read (${errorMessage(error)})`, { cause: error });
  });
  if (names.length === 0 || names.includes('CURRENT')) return openLevelStore(folder);
  throw new StoreError(folder, 'failed', 'it holds other files: name a folder of its own');
}

async function checkFormat(store: Store, folder: string, kind: string): Promise<void> {
  const format = JSON.stringify({ kind, version: VERSION });
  const value = await store.get(FORMAT_KEY);
  const found = value && Buffer.from(value).toString('utf8');
  if (found === format) return;
  const isEmpty = found === undefined && (await store.range('', '\u{10ffff}', { limit: 1 })).length === 0;
  if (isEmpty) return store.batch([[FORMAT_KEY, format]]);
  const what = found === undefined ? 'another store' : found.slice(0, 100);
  const message = `it holds ${what}, not ${format}: give the ${kind} a folder of its own`;
  throw new StoreError(folder, 'failed', message);
}

function chunkKeys(key: string, slot: number, bytes: number): string[] {
  const count = Math.ceil(bytes / CHUNK_BYTES);
  return Array.from({ length: count }, (_, at) => `${CHUNKS}${key}/${slot}/${String(at).padStart(6, '0')}`);
}

/** Length of the text, the text, the body; a checksum before all. */
function encode(key: string, text: string, body: Uint8Array): Uint8Array {
  const head = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.byteLength);
  return withChecksum(key, Buffer.concat([length, head, body]));
}

function decode(key: string, value: Uint8Array): (Framed & { readonly body: Uint8Array }) | undefined {
  const content = checked(key, value);
  if (content === undefined || content.byteLength < 4) return undefined;
  const end = 4 + content.readUInt32BE(0);
  const framed = JSON.parse(content.toString('utf8', 4, end)) as Framed;
  return { ...framed, body: content.subarray(end) };
}

function withChecksum(key: string, content: Uint8Array): Uint8Array {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(content, crc32(key)));
  return Buffer.concat([sum, content]);
}

function checked(key: string, value: Uint8Array): Buffer | undefined {
  if (value.byteLength < 4) return undefined;
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const content = bytes.subarray(4);
  return bytes.readUInt32BE(0) === crc32(content, crc32(key)) ? content : undefined;
}
