import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ArchiveError } from '../../../../src/errors/archive-error.ts';
import { seeded } from '../../../support/seeded.ts';
import { archiveOf, collectRecords, recordOf } from './collect-records.ts';

const texts = async (bytes: Uint8Array, limit?: number): Promise<(string | undefined)[]> =>
  (await collectRecords(archiveOf(bytes), limit)).map(({ content }) => content?.toString());
const packed = (...contents: string[]): Buffer =>
  Buffer.concat(contents.map((one) => gzipSync(recordOf(one))));
const big = 'x'.repeat(3_000_000);

describe('readRecords', () => {
  it('reads plain and packed records with their places', async () => {
    const parts = [recordOf('one'), recordOf('two')].map((record) => gzipSync(record));
    const records = await collectRecords(archiveOf(Buffer.concat(parts)));
    expect(records.map(({ offset, end }) => [offset, end])).toEqual([
      [0, parts[0]?.length],
      [parts[0]?.length, Buffer.concat(parts).length],
    ]);
    expect(await texts(Buffer.concat([recordOf('one'), recordOf('two')]))).toEqual(['one', 'two']);
  });

  it('takes lines that end in LF, folded lines, names in any case and older versions', async () => {
    const record = recordOf(
      'odd',
      { 'warc-target-uri': 'http://site.test/\n long' },
      { version: 'WARC/0.18', lineEnd: '\n' },
    );
    const [read] = await collectRecords(archiveOf(Buffer.concat([record, recordOf('next')])));
    expect(read?.content?.toString()).toBe('odd');
    expect(read?.headers.get('WARC-Target-URI')).toBe('http://site.test/ long');
  });

  it('takes gzip members with file names, as gzip itself makes them', async () => {
    const member = gzipSync(recordOf('named'));
    member[3] = 8;
    const named = Buffer.concat([member.subarray(0, 10), Buffer.from('pages.warc\0'), member.subarray(10)]);
    expect(await texts(named)).toEqual(['named']);
  });

  it('passes over contents above the limit and goes on behind them', async () => {
    expect(await texts(packed('a', big, 'b'), 1000)).toEqual(['a', undefined, 'b']);
    expect(await texts(Buffer.concat([recordOf(big), recordOf('b')]), 1000)).toEqual([undefined, 'b']);
    expect(await texts(packed(big, 'b'), 1e7)).toEqual([big, 'b']);
  });

  it('says at which byte a file is cut', async () => {
    const first = gzipSync(recordOf('one'));
    const error = await texts(Buffer.concat([first, first.subarray(0, 40)])).catch((fault) => fault);
    expect(error).toMatchObject({ code: 'ERR_CRAWL_ARCHIVE', offset: first.length, isCut: true });
    expect(error.message).toContain(`byte ${first.length}: the file ends within this record`);
  });

  it('says when a checksum is wrong', async () => {
    const bytes = packed('one');
    bytes.writeUInt32LE(7, bytes.length - 8);
    await expect(texts(bytes)).rejects.toThrow('byte 0: the checksum of this record is wrong');
  });

  it('says when all records are packed as one piece', async () => {
    const whole = gzipSync(Buffer.concat([recordOf('one'), recordOf('two')]));
    await expect(texts(whole)).rejects.toThrow('warcio recompress');
  });

  it('refuses what is no archive and heads without end', async () => {
    await expect(texts(Buffer.from('<html>'))).rejects.toThrow('byte 0: no WARC record begins here');
    const endless = Buffer.from(`WARC/1.0\r\nX: ${'y'.repeat(200_000)}\r\n\r\n`);
    await expect(texts(endless)).rejects.toThrow('longer than 131072 bytes');
    await expect(texts(Buffer.from('WARC/1.0\r\nContent-Length: -3\r\n\r\n'))).rejects.toThrow(
      'is no Content-Length',
    );
    await expect(collectRecords('/nowhere/x.warc')).rejects.toThrow('cannot be opened');
  });

  it('reads any damaged file to its end or says what is wrong', async () => {
    const random = seeded(7);
    const good = [
      packed('one', 'x'.repeat(5000), 'three'),
      Buffer.concat([recordOf('one'), recordOf('two')]),
    ];
    for (let trial = 0; trial < 400; trial++) {
      const bytes = Buffer.from(good[trial % 2] ?? '');
      const isCut = random() < 0.5;
      for (let flips = isCut ? 0 : 1 + Math.floor(random() * 4); flips > 0; flips--) {
        const at = Math.floor(random() * bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      }
      const damaged = isCut ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
      const error: unknown = await texts(damaged).then(
        () => undefined,
        (fault) => fault,
      );
      if (error !== undefined) expect(error).toBeInstanceOf(ArchiveError);
    }
  });
});
