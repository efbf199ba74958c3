/** What an input is made of. */
export interface Grammar {
  readonly samples: readonly (string | Buffer)[];
  /** Pieces that mean something to the parser. */
  readonly words: readonly string[];
}

export type Random = () => number;

/** Inputs are cut at this length … */
const MOST_BYTES = 64 * 1024;
/** … but for one in so many, which shows what grows faster than its input. */
const LARGE_EVERY = 200;
const MOST_LARGE_BYTES = 2 * 1024 * 1024;
const MOST_CHANGES = 8;
const MOST_COPIES = 5000;
const ODD_BYTES = [0, 9, 10, 13, 32, 34, 38, 39, 47, 58, 60, 61, 62, 92, 127, 128, 0xc0, 0xed, 0xf4, 0xff];

/** One of a list. */
export function pick<Value>(random: Random, list: readonly Value[]): Value {
  return list[Math.floor(random() * list.length)] as Value;
}

/** A sample with some changes: bits, bytes, and pieces taken out, moved, doubled or put in. */
export function mutated({ samples, words }: Grammar, random: Random): Buffer {
  const most = random() * LARGE_EVERY < 1 ? MOST_LARGE_BYTES : MOST_BYTES;
  const copies = most === MOST_BYTES ? 50 : MOST_COPIES;
  let bytes = Buffer.from(pick(random, samples) as string);
  for (let left = Math.floor(random() * (MOST_CHANGES + 1)); left > 0; left--) {
    const at = Math.floor(random() * (bytes.length + 1));
    const end = Math.min(bytes.length, at + Math.floor(random() ** 3 * bytes.length) + 1);
    const [before, piece, after] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
    const times = 1 + Math.floor(random() ** 4 * copies);
    switch (Math.floor(random() * 8)) {
      case 0:
        bytes = Buffer.from(bytes);
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
        break;
      case 1:
        bytes = Buffer.concat([before, Buffer.from([pick(random, ODD_BYTES)]), after]);
        break;
      case 2:
        bytes = Buffer.concat([before, after]);
        break;
      case 3:
        bytes = Buffer.concat([before, repeated(piece, times, most), after]);
        break;
      case 4:
        bytes = Buffer.concat([
          before,
          repeated(Buffer.from(pick(random, words)), times, most),
          piece,
          after,
        ]);
        break;
      case 5:
        bytes = Buffer.concat([after, piece, before]);
        break;
      case 6:
        bytes = before;
        break;
      default: {
        const other = Buffer.from(pick(random, samples) as string);
        bytes = Buffer.concat([before, other.subarray(Math.floor(random() * other.length)), after]);
      }
    }
    if (bytes.length > most) bytes = bytes.subarray(0, most);
  }
  return bytes;
}

function repeated(piece: Buffer, times: number, most: number): Buffer {
  if (piece.length === 0) return piece;
  const length = Math.min(piece.length * times, most);
  return Buffer.alloc(length, piece);
}
