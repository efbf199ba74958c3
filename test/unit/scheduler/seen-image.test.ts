import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSeenImage, writeSeenImage } from '../../../src/scheduler/seen-image.ts';
import { SeenSet } from '../../../src/scheduler/seen-set.ts';
import { fingerprint } from '../../../src/values/fingerprint.ts';
import { Request } from '../../../src/values/request.ts';
import { seeded } from '../../support/seeded.ts';

const folder = mkdtempSync(join(tmpdir(), 'orbweaver-image-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'seen.image');
const prints = Array.from({ length: 3000 }, (_, at) => fingerprint(new Request(`http://a.test/${at}`)));

function seenOf(count: number): SeenSet {
  const seen = new SeenSet();
  for (const one of prints.slice(0, count)) seen.add(one);
  return seen;
}

describe('an image of the duplicate filter', () => {
  it('gives back what was written, and takes more', async () => {
    await writeSeenImage(seenOf(2000), path, async () => {});
    const seen = await readSeenImage(path);
    expect(seen?.size).toBe(2000);
    expect(prints.map((one) => seen?.has(one))).toEqual(prints.map((_, at) => at < 2000));
    for (const one of prints) seen?.add(one);
    expect(seen?.size).toBe(3000);
  });

  it('may grow while it is written: nothing that was known is missing', async () => {
    const seen = seenOf(500);
    const writing = writeSeenImage(seen, path, async () => {});
    for (const one of prints) {
      seen.add(one);
      if (seen.size % 10 === 0) await new Promise(setImmediate);
    }
    await writing;
    const held = await readSeenImage(path);
    expect(prints.slice(0, 500).every((one) => held?.has(one))).toBe(true);
  });

  it('takes no place before all that it knows is safe, and leaves nothing behind', async () => {
    await writeSeenImage(seenOf(10), path, async () => {});
    const unsafe = writeSeenImage(seenOf(20), path, async () => {
      throw new Error('disk full');
    });
    await expect(unsafe).rejects.toThrow('disk full');
    expect((await readSeenImage(path))?.size).toBe(10);
    expect(readdirSync(folder)).toEqual(['seen.image']);
  });

  it('takes the place of one that was being written when a process ended', async () => {
    writeFileSync(`${path}.tmp`, Buffer.alloc(1_000_000));
    await writeSeenImage(seenOf(20), path, async () => {});
    expect((await readSeenImage(path))?.size).toBe(20);
    expect(readdirSync(folder)).toEqual(['seen.image']);
  });

  it('is not believed after any cut or flip', async () => {
    await writeSeenImage(seenOf(2000), path, async () => {});
    const bytes = readFileSync(path);
    const random = seeded(3);
    const damaged = join(folder, 'damaged');
    for (let turn = 0; turn < 60; turn++) {
      const at = Math.floor(random() * bytes.length);
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (turn % 8));
      writeFileSync(damaged, turn % 2 === 0 ? flipped : bytes.subarray(0, at));
      expect(await readSeenImage(damaged)).toBeUndefined();
    }
    writeFileSync(damaged, Buffer.concat([bytes, Buffer.of(0)]));
    expect(await readSeenImage(damaged)).toBeUndefined();
    expect(await readSeenImage(join(folder, 'nowhere'))).toBeUndefined();
  });
});
