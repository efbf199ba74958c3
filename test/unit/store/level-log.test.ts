import { describe, expect, it } from 'vitest';
import { readLog, writtenLog } from '../../../src/store/level-log.ts';

/** Records of all kinds of lengths, over several blocks of 32 KiB. */
const records = [0, 1, 7, 200, 32_750, 3, 70_000, 40, 32_761, 5, 90].map((length, at) =>
  Buffer.alloc(length, `${at} is a record. `),
);
const log = writtenLog(records);
const texts = records.map(String);

/** Texts are compared faster than bytes. */
function read(bytes: Buffer): { readonly texts: readonly string[]; readonly isWhole: boolean } {
  const { records: found, isWhole } = readLog(bytes);
  return { texts: found.map(String), isWhole };
}

describe('readLog', () => {
  it('reads what writtenLog wrote', () => {
    expect(read(log)).toEqual({ texts, isWhole: true });
  });

  it('takes what is cut short for the end that a crash left', () => {
    for (let length = 0; length < log.length; length += 977) {
      const found = read(log.subarray(0, length));
      expect(found).toEqual({ texts: texts.slice(0, found.texts.length), isWhole: true });
    }
  });

  it('takes a last record with pages that never came to the disk for the end that a crash left', () => {
    const torn = writtenLog([Buffer.alloc(100, 1), Buffer.alloc(100_000, 2)]);
    torn.fill(0, 36_864, 40_960);
    expect(readLog(torn)).toEqual({ records: [Buffer.alloc(100, 1)], isWhole: true });
  });

  it('finds records behind damage, and says so', () => {
    const lastBytes = log.length - (records.at(-1)?.length ?? 0) - 7;
    for (let at = 0; at < lastBytes; at += 641) {
      const damaged = Buffer.from(log);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 16, at);
      const found = read(damaged);
      expect(found.isWhole).toBe(false);
      expect(found.texts).toEqual(texts.filter((text) => found.texts.includes(text)));
      expect(found.texts.length).toBeGreaterThanOrEqual(texts.length - 1);
    }
  });

  it('goes on behind a stretch of rubbish', () => {
    const damaged = Buffer.from(log);
    damaged.fill(0xa5, 20, 120);
    expect(read(damaged)).toEqual({ texts: [...texts.slice(0, 2), ...texts.slice(4)], isWhole: false });
  });

  it('does not search for ever in what looks like the beginning of parts', () => {
    expect(readLog(Buffer.alloc(200_000, 4))).toEqual({ records: [], isWhole: true });
  });
});
