import { describe, it } from 'vitest';
import { CrashingFrontier } from '../../support/crashing-frontier.ts';

/** `ORBWEAVER_SEEDS=5000` tries more of them. */
const SEEDS = Number(process.env.ORBWEAVER_SEEDS ?? 30);
const SEEDS_A_TEST = 10;

describe('a frontier whose process ends at any moment', () => {
  for (let first = 1; first <= SEEDS; first += SEEDS_A_TEST) {
    it(`loses, doubles and disorders nothing (seeds ${first} to ${first + SEEDS_A_TEST - 1})`, async () => {
      for (let seed = first; seed < first + SEEDS_A_TEST; seed++) {
        try {
          await new CrashingFrontier(seed).run();
        } catch (error) {
          throw new Error(`seed ${seed}`, { cause: error });
        }
      }
    });
  }
});
