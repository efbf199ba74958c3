import { describe, expect, it } from 'vitest';
import { RateBucket } from '../../../src/scheduler/rate-bucket.ts';

describe('RateBucket', () => {
  it('lets a burst go at once and then keeps to the rate', () => {
    const bucket = new RateBucket();
    expect([1, 2, 3, 4].map(() => bucket.spend(1000, 60, 3))).toEqual([0, 1000, 2000, 3000]);
  });

  it('fills up no further than to the burst', () => {
    const bucket = new RateBucket();
    bucket.spend(0, 60, 2);
    const later = 1_000_000;
    bucket.spend(later, 60, 2);
    expect(bucket.spend(later, 60, 2)).toBe(later + 1000);
  });

  it('takes back what was not used', () => {
    const bucket = new RateBucket();
    bucket.spend(1000, 60, 1);
    expect(bucket.isFull(1000)).toBe(false);
    bucket.refund(60);
    expect(bucket.isFull(1000)).toBe(true);
  });
});
