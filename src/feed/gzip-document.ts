import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGunzip, createGzip } from 'node:zlib';
import { errorMessage } from '../errors/crawl-error.ts';
import { bytesOf } from './bytes-of.ts';
import { readSome, writeAll } from './file-bytes.ts';
import {
  type ExistingFile,
  type FeedDocument,
  type FileDocument,
  type FilePieces,
  isFileDocument,
  needsAllItems,
} from './file-exporter.ts';
import type { GzipMember } from './gzip-member.ts';
import { through } from './through.ts';

const PIECE_BYTES = 65_536;

/** How a document begins, ends and is gone on with when it is packed with gzip. */
export class GzipDocument implements FileDocument {
  readonly format: string;
  readonly #document: FeedDocument;
  readonly #member: GzipMember;
  readonly #level: number;

  constructor(document: FeedDocument, member: GzipMember, level: number) {
    this.format = document.format;
    this.#document = document;
    this.#member = member;
    this.#level = level;
  }

  get needsAllItems(): boolean {
    return needsAllItems(this.#document);
  }

  start(): Buffer {
    return this.#member.begin(bytesOf(this.#document.start()));
  }

  end(): Buffer {
    return this.#member.end(bytesOf(this.#document.end()));
  }

  /** A new member follows those that are there; the whole of them is looked at, as nothing can be cut off. */
  async resume(file: ExistingFile): Promise<number> {
    const document = this.#document;
    if (!isFileDocument(document) || document.end().length > 0) {
      throw new Error(
        `${this.format} packed with gzip cannot be appended to; overwrite it with -O, write .jsonl.gz, or choose another name`,
      );
    }
    const isWhole = await unpacked(
      file,
      async (content) => content.size === 0 || (await document.resume(content)) === content.size,
    );
    if (isWhole) return file.size;
    throw new Error(
      'its last record is cut short, so nothing can be appended; overwrite it with -O, or choose another name',
    );
  }

  revision(): ((file: FilePieces) => FilePieces) | undefined {
    const revision = isFileDocument(this.#document) ? this.#document.revision?.() : undefined;
    if (revision === undefined) return undefined;
    return (file) => through(revision(through(file, createGunzip())), createGzip({ level: this.#level }));
  }
}

/** Does something with the content of a packed file, which lies in a temporary one meanwhile. */
async function unpacked<Result>(
  file: ExistingFile,
  use: (content: ExistingFile) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'orbweaver-feed-'));
  try {
    const content = await open(join(folder, 'content'), 'wx+');
    try {
      let size = 0;
      for await (const piece of contentOf(file)) {
        await writeAll(content, piece, size);
        size += piece.length;
      }
      return await use({ size, read: (position, length) => readSome(content, position, length) });
    } finally {
      await content.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* contentOf(file: ExistingFile): AsyncGenerator<Buffer, void, undefined> {
  const gunzip = createGunzip();
  const unpacking = through(piecesOf(file), gunzip)[Symbol.asyncIterator]();
  for (;;) {
    const { value, done } = await unpacking.next().catch((cause: unknown) => {
      throw notWhole(errorMessage(cause), cause);
    });
    if (done === true) break;
    yield value;
  }
  // Readers would not come to a member behind it.
  if (gunzip.bytesWritten !== file.size) throw notWhole('something else follows');
}

function notWhole(reason: string, cause?: unknown): Error {
  return new Error(
    `it is no whole gzip file (${reason}), so nothing can be appended; overwrite it with -O, or choose another name`,
    { cause },
  );
}

async function* piecesOf(file: ExistingFile): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < file.size; at += PIECE_BYTES) yield await file.read(at, PIECE_BYTES);
}
