import { describe, expect, it } from 'vitest';
import { sealRecord } from '../../../src/job/record.ts';
import { salvageRecords } from '../../../src/job/salvage-records.ts';
import { numberKey } from '../../../src/values/number-key.ts';
import { MemoryStore } from '../../support/memory-store.ts';

async function* marks(...numbers: readonly number[]) {
  for (const number of numbers) {
    const key = numberKey('b', number);
    yield { key, value: Buffer.from(sealRecord(key, '')) };
  }
}

describe('salvageRecords', () => {
  it('counts the batches whose marks are gone', async () => {
    const { missingBatches } = await salvageRecords(marks(1, 2, 4, 7), new MemoryStore());
    expect(missingBatches).toBe(3);
  });

  it('misses none whose marks come after later ones, or twice', async () => {
    const { missingBatches } = await salvageRecords(marks(5, 6, 1, 2, 3, 4, 5, 6), new MemoryStore());
    expect(missingBatches).toBe(0);
  });
});
