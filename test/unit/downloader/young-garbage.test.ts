import { expect, it } from 'vitest';
import { countPassed } from '../../../src/downloader/young-garbage.ts';

const CHUNK = 64 * 1024;
const MIB = 1024 * 1024;

it('keeps the buffers of bodies that pass through few', () => {
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  for (let passed = 0; passed < 64 * MIB; passed += CHUNK) {
    countPassed(new ArrayBuffer(CHUNK).byteLength);
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  expect(most).toBeLessThan(16 * MIB);
});
