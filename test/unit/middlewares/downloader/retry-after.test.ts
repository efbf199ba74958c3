import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../../../middlewares/index.ts';

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

describe('retryAfterMs', () => {
  it('reads seconds', () => {
    expect(retryAfterMs(' 120 ', NOW)).toBe(120_000);
  });

  it.each(['Thu, 01 Jan 2026 12:01:00 GMT', 'Thursday, 01-Jan-26 12:01:00 GMT', 'Thu Jan  1 12:01:00 2026'])(
    'reads the date %s',
    (date) => {
      expect(retryAfterMs(date, NOW)).toBe(60_000);
    },
  );

  it.each([
    undefined,
    '',
    '0',
    '-5',
    'soon',
    'Thu, 01 Jan 2026 11:59:00 GMT',
    '1'.repeat(100),
    '2027'.padEnd(70),
  ])('reads nothing in %s', (header) => {
    const ms = retryAfterMs(header, NOW);
    expect(ms === undefined || ms === 2_027_000).toBe(true);
  });
});
