import { ArchiveError } from '../../src/api.ts';
import { ArchiveFile } from './archive-file.ts';
import { isGzip } from './gzip-member.ts';
import type { PayloadMemory } from './payload-memory.ts';
import { readRecords } from './read-records.ts';
import { isTruncated } from './record-facts.ts';

/** Memory for one piece of content is all that looking through an archive takes. */
const NO_CONTENT = 0;
/** A longer file without a whole record is not one whose writer was just begun. */
const MOST_FIRST_BYTES = 4096;

/**
 * Looks through an archive that is to be continued: where its last whole record ends, and which payloads it has.
 * A half-written record at its end, or the zeros that a power cut may leave there, do not count.
 *
 * @throws ArchiveError where something else than the end is damaged, or the file is no archive.
 */
export async function surveyArchive(path: string, size: number, seen: PayloadMemory): Promise<number> {
  const file = await ArchiveFile.open(path);
  let end = 0;
  try {
    for await (const record of readRecords(file, { maxContentBytes: NO_CONTENT })) {
      if (!record.isEnded && record.end === size) break;
      end = record.end;
      const { headers } = record;
      const [digest, recordId] = [headers.get('warc-payload-digest'), headers.get('warc-record-id')];
      const [url, date] = [headers.get('warc-target-uri'), headers.get('warc-date')];
      if (headers.get('warc-type') !== 'response' || isTruncated(headers)) continue;
      if (digest && recordId && url && date) seen.remember(digest, { recordId, url, date });
    }
    return end;
  } catch (error) {
    const isOwnEnd = error instanceof ArchiveError && error.offset !== undefined;
    if (!isOwnEnd) throw error;
    if (error.isCut && (end > 0 || (size <= MOST_FIRST_BYTES && (await beginsAsArchive(file))))) return end;
    if (end > 0 && (await isZero(file, end))) return end;
    throw new ArchiveError(
      path,
      `${error.message.replace(/^.*?, byte \d+: /, '')}; it cannot be continued: overwrite it with -O, or choose another name`,
      { offset: error.offset, cause: error },
    );
  } finally {
    await file.close();
  }
}

/** A file whose first record is cut may be anything: it has to look like the beginning of one. */
async function beginsAsArchive(file: ArchiveFile): Promise<boolean> {
  const start = await file.at(0, 3);
  return 'WARC/'.startsWith(start.toString('latin1', 0, 5)) || isGzip(start);
}

async function isZero(file: ArchiveFile, from: number): Promise<boolean> {
  for (let at = from; ; ) {
    const piece = await file.at(at);
    if (piece.length === 0) return true;
    if (piece.some((byte) => byte !== 0)) return false;
    at += piece.length;
  }
}
