import { describe, expect, it } from 'vitest';
import { httpDateMs } from '../../../../middlewares/index.ts';

const WANTED = Date.UTC(2023, 10, 14, 22, 13, 20);

describe('httpDateMs', () => {
  it.each([
    'Tue, 14 Nov 2023 22:13:20 GMT',
    'Tuesday, 14-Nov-23 22:13:20 GMT',
    'Tue Nov 14 22:13:20 2023',
    'tue, 14 november 2023 22:13:20 gmt',
    '14 Nov 2023 22:13:20',
    'Tue, 14 Nov 2023 23:13:20 +0100',
    'Tue, 14 Nov 2023 17:13:20 EST',
    'Tue, 14 Nov 2023 22.13.20 GMT',
    'Tue,14 Nov 2023 22:13:20 GMT',
  ])('reads %s', (text) => {
    expect(httpDateMs(text)).toBe(WANTED);
  });

  it.each(['', '0', '-1', 'now', 'Tue, 14 Foo 2023 22:13:20 GMT', 'Tue, 14 Nov 2023', `${'x '.repeat(100)}`])(
    'takes %j for no date',
    (text) => {
      expect(httpDateMs(text)).toBeUndefined();
    },
  );

  it.each([
    ['68', 2068],
    ['69', 1969],
  ])('reads the year %s as %i', (year, full) => {
    expect(httpDateMs(`Tue, 14 Nov ${year} 22:13:20 GMT`)).toBe(Date.UTC(full, 10, 14, 22, 13, 20));
  });
});
