import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { PayloadMemory } from '../../../../middlewares/warc/payload-memory.ts';
import { surveyArchive } from '../../../../middlewares/warc/survey-archive.ts';
import { archiveOf, recordOf } from './collect-records.ts';

const fields = {
  'WARC-Record-ID': '<urn:uuid:1>',
  'WARC-Target-URI': 'http://site.test/',
  'WARC-Date': '2026-01-01T00:00:00.000Z',
  'WARC-Payload-Digest': 'sha1:A',
};
const record = recordOf('HTTP/1.1 200 OK\r\n\r\nbody', fields);

async function endOf(bytes: Uint8Array, seen = new PayloadMemory()): Promise<number> {
  const path = archiveOf(bytes);
  return surveyArchive(path, readFileSync(path).length, seen);
}

describe('surveyArchive', () => {
  it.each([
    ['plain', record],
    ['packed', gzipSync(record)],
  ])('finds the end of the last whole record of a %s file at every cut', async (_, one) => {
    for (let cut = 0; cut < one.length; cut++) {
      expect(await endOf(Buffer.concat([one, one.subarray(0, cut)]))).toBe(one.length);
      expect(await endOf(one.subarray(0, cut))).toBe(0);
    }
    expect(await endOf(Buffer.concat([one, one]))).toBe(one.length * 2);
  });

  it('takes zeros behind the records for the traces of a power cut', async () => {
    expect(await endOf(Buffer.concat([record, Buffer.alloc(5000)]))).toBe(record.length);
  });

  it('refuses a file that is no archive, or has something else behind its records', async () => {
    await expect(endOf(Buffer.from('name,price\n'))).rejects.toThrow(
      'byte 0: no WARC record begins here; it cannot be continued',
    );
    await expect(endOf(gzipSync('name,price\n'))).rejects.toThrow('it cannot be continued');
    await expect(endOf(Buffer.concat([record, Buffer.from('other')]))).rejects.toThrow(
      `byte ${record.length}: no WARC`,
    );
  });

  it('remembers the payloads', async () => {
    const seen = new PayloadMemory();
    await endOf(record, seen);
    expect(seen.find('sha1:A')).toEqual({
      recordId: '<urn:uuid:1>',
      url: 'http://site.test/',
      date: '2026-01-01T00:00:00.000Z',
    });
  });
});
