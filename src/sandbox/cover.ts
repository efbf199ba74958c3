import { crc32, deflateSync } from 'node:zlib';
import { Random } from './random.ts';

const WIDTH = 8;
const HEIGHT = 12;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The picture on a book: a small symmetric pattern as PNG, 8 by 12 pixels, different for every id. */
export function cover(id: number): Buffer {
  const random = new Random(30_000 + id);
  const palette = Buffer.from(Array.from({ length: 4 * 3 }, () => random.integer(40, 240)));
  const rows = Array.from({ length: HEIGHT }, () => {
    const half = Array.from({ length: WIDTH / 2 }, () => random.integer(0, 3));
    return [0, ...half, ...half.toReversed()];
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.writeUInt8(8, 8);
  header.writeUInt8(3, 9);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, check]);
}
