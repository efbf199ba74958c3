import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArchiveFile } from '../../../../middlewares/warc/archive-file.ts';
import { type ArchivedRecord, readRecords } from '../../../../middlewares/warc/read-records.ts';
import { temporaryFolder } from '../../feed/temporary-folder.ts';

/** A file with these bytes. */
export function archiveOf(bytes: string | Uint8Array, name = 'test.warc'): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

/** Every record of a file. */
export async function collectRecords(path: string, maxContentBytes = 1e6): Promise<ArchivedRecord[]> {
  const file = await ArchiveFile.open(path);
  const records: ArchivedRecord[] = [];
  try {
    for await (const record of readRecords(file, { maxContentBytes })) records.push(record);
    return records;
  } finally {
    await file.close();
  }
}

/** A record as other tools may write it. */
export function recordOf(
  content: string | Uint8Array,
  fields: Readonly<Record<string, string>> = {},
  { version = 'WARC/1.0', lineEnd = '\r\n' } = {},
): Buffer {
  const body = Buffer.from(content as string);
  const all = { 'WARC-Type': 'response', ...fields, 'Content-Length': String(body.length) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const head = [version, ...lines, '', ''].join(lineEnd);
  return Buffer.concat([Buffer.from(head), body, Buffer.from(lineEnd + lineEnd)]);
}
