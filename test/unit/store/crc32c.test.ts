import { describe, expect, it } from 'vitest';
import { maskedCrc32c } from '../../../src/store/crc32c.ts';

/** As LevelDB does it; RFC 3720, appendix B.4, has the values. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282_ead8) >>> 0;
}

describe('maskedCrc32c', () => {
  it.each([
    ['zeros', Buffer.alloc(32), 0x8a91_36aa],
    ['ones', Buffer.alloc(32, 0xff), 0x62a8_ab43],
    ['rising bytes', Buffer.from(Array.from({ length: 32 }, (_, at) => at)), 0x46dd_794e],
    ['digits', Buffer.from('123456789'), 0xe306_9283],
    ['nothing', Buffer.alloc(0), 0],
  ])('sums up %s', (_name, bytes, crc) => {
    expect(maskedCrc32c(bytes)).toBe(masked(crc));
  });
});
