import { ArchiveError, type HeaderMap } from '../../src/api.ts';
import type { ArchiveFile } from './archive-file.ts';
import { ByteReader } from './byte-reader.ts';
import { gzipMember, isGzip } from './gzip-member.ts';
import { parseHead } from './header-lines.ts';

/** One record of an archive. */
export interface ArchivedRecord {
  /** Where in the file it begins, … */
  readonly offset: number;
  /** … and the next one. */
  readonly end: number;
  readonly headers: HeaderMap;
  /** Bytes of its content. */
  readonly length: number;
  /** Its content; undefined where it is longer than the limit. */
  readonly content: Buffer | undefined;
  /** Whether all of it is there, up to the blank lines behind it. */
  readonly isEnded: boolean;
}

/** What is read. */
export interface ReadOptions {
  /** Byte of the first record. @defaultValue `0` */
  readonly from?: number;
  /** Longer contents are passed over. */
  readonly maxContentBytes: number;
}

const MOST_HEAD_BYTES = 128 * 1024;
const VERSION = /^WARC\/\d+\.\d+\s*$/;
const RECORD_START = Buffer.from('WARC/');
const BLANK_LINES = Buffer.from('\r\n\r\n');
const LF = 0x0a;

/**
 * The records of a WARC file one after the other, each packed by itself or not at all, versions 0.17 to 1.1.
 * Memory is bounded by the content limit whatever the file holds.
 *
 * @throws ArchiveError, with the byte, at the first record that is cut or damaged.
 */
export async function* readRecords(
  file: ArchiveFile,
  { from = 0, maxContentBytes }: ReadOptions,
): AsyncGenerator<ArchivedRecord, void, undefined> {
  for (let offset = from; ; ) {
    const start = await file.at(offset, 2);
    if (start.length === 0) return;
    const record = isGzip(start)
      ? await packedRecord(file, offset, maxContentBytes)
      : await plainRecord(file, offset, maxContentBytes);
    if (record === undefined) return;
    yield record;
    offset = record.end;
  }
}

async function packedRecord(
  file: ArchiveFile,
  offset: number,
  maxContentBytes: number,
): Promise<ArchivedRecord> {
  const member = gzipMember(file, offset);
  let end = 0;
  // What the generator returns is lost to a loop: it is taken on the way.
  const pieces: AsyncIterator<Buffer, number> = {
    async next() {
      const step = await member.next();
      if (step.done === true) end = step.value ?? end;
      return step;
    },
  };
  try {
    const reader = new ByteReader(pieces);
    const record = await parseRecord(file, offset, reader, maxContentBytes);
    if ((await reader.peek(RECORD_START.length)).equals(RECORD_START)) {
      throw new ArchiveError(
        file.path,
        'several records are packed as one piece, so that none can be found: ' +
          'pack each by itself, as `warcio recompress` does, or unpack the file with gunzip',
        { offset },
      );
    }
    while ((await reader.skip(1024 * 1024)) > 0);
    // A packed record is whole when its checksum is right.
    return { ...record, end, isEnded: true };
  } finally {
    await member.return(0);
  }
}

/** Undefined where only blank lines are left. */
async function plainRecord(
  file: ArchiveFile,
  offset: number,
  maxContentBytes: number,
): Promise<ArchivedRecord | undefined> {
  const reader = new ByteReader(plainPieces(file, offset));
  while (isLineEnd((await reader.peek(1))[0])) await reader.skip(1);
  if ((await reader.peek(1)).length === 0) return undefined;
  const begin = offset + reader.consumed;
  const record = await parseRecord(file, begin, reader, maxContentBytes);
  return { ...record, end: offset + reader.consumed };
}

async function* plainPieces(file: ArchiveFile, from: number): AsyncGenerator<Buffer> {
  for (let at = from; ; ) {
    const piece = await file.at(at);
    if (piece.length === 0) return;
    yield piece;
    at += piece.length;
  }
}

async function parseRecord(
  file: ArchiveFile,
  offset: number,
  reader: ByteReader,
  maxContentBytes: number,
): Promise<Omit<ArchivedRecord, 'end'>> {
  const fail = (problem: string, isCut = false): ArchiveError =>
    new ArchiveError(file.path, problem, { offset, isCut });
  const start = await reader.peek(RECORD_START.length);
  if (!start.equals(RECORD_START.subarray(0, start.length))) throw fail('no WARC record begins here');
  const head = await reader.takeHead(MOST_HEAD_BYTES);
  if (head === undefined) {
    const isLong = (await reader.peek(MOST_HEAD_BYTES + 1)).length > MOST_HEAD_BYTES;
    throw isLong
      ? fail(`the head of this record is longer than ${MOST_HEAD_BYTES} bytes`)
      : fail('the file ends within the head of this record', true);
  }
  const { firstLine, headers } = parseHead(head.toString('utf8'));
  if (!VERSION.test(firstLine)) throw fail('no WARC record begins here');
  const written = headers.get('content-length') ?? '';
  const length = /^\d{1,15}$/.test(written) ? Number(written) : undefined;
  if (length === undefined) throw fail(`${JSON.stringify(written.slice(0, 40))} is no Content-Length`);
  const content = length > maxContentBytes ? undefined : await reader.take(length);
  const got = content?.length ?? (await reader.skip(length));
  if (got < length) throw fail(`the file ends within this record, ${length - got} bytes early`, true);
  let lines = 0;
  for (let at = 0; at < BLANK_LINES.length && lines < 2; at++) {
    const [next] = await reader.peek(1);
    if (!isLineEnd(next)) break;
    if (next === LF) lines++;
    await reader.skip(1);
  }
  return { offset, headers, length, content, isEnded: lines === 2 };
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === 0x0d;
}
