import { expect, it } from 'vitest';
import { sealRecord, unsealRecord } from '../../../src/job/record.ts';

it('gives text and bytes back', () => {
  for (const payload of ['{"é":1}', '', new Uint8Array([0, 255, 128])]) {
    const stored = Buffer.from(sealRecord('key', payload) as Uint8Array);
    expect(unsealRecord('key', stored)).toEqual(Buffer.from(payload as Uint8Array));
  }
});

it('knows a payload that was changed anywhere, cut, or stands under another key', () => {
  const stored = Buffer.from(sealRecord('key', 'payload') as string);
  for (let bit = 0; bit < stored.length * 8; bit++) {
    const changed = Buffer.from(stored);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(unsealRecord('key', changed)).toBeUndefined();
  }
  for (let length = 0; length < stored.length; length++)
    expect(unsealRecord('key', stored.subarray(0, length))).toBeUndefined();
  expect(unsealRecord('kez', stored)).toBeUndefined();
});
