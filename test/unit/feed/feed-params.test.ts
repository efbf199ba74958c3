import { describe, expect, it } from 'vitest';
import { feedParams } from '../../../src/feed/feed-params.ts';

const source = {
  uri: 'x.csv',
  uriParams: undefined,
  variables: { name: 'books', time: 'mine' },
  spider: { shelf: 7 },
  startedAtMs: Date.UTC(2024, 0, 2, 3, 4, 5),
  batch: { id: 3, timeMs: Date.UTC(2024, 0, 2, 3, 4, 6, 7) },
};

describe('feedParams', () => {
  it('has the times without colons and the number of the batch, which no attribute overrides', () => {
    expect(feedParams(source)).toEqual({
      name: 'books',
      time: '2024-01-02T03-04-05',
      batch_time: '2024-01-02T03-04-06.007',
      batch_id: 3,
    });
  });

  it('adds what uriParams makes of them and of the spider', () => {
    const uriParams = ({ name }: object & { name?: unknown }, spider: object): Record<string, string> => ({
      shelf: `${name}-${(spider as { shelf: number }).shelf}`,
    });
    expect(feedParams({ ...source, uriParams })).toMatchObject({ shelf: 'books-7', batch_id: 3 });
  });

  it('says what is wrong with uriParams', () => {
    const failing = (): never => {
      throw new Error('no shelf');
    };
    expect(() => feedParams({ ...source, uriParams: failing })).toThrow(
      'feed x.csv: its uriParams failed: no shelf',
    );
    for (const [wrong, message] of [
      [undefined, /must give an object/],
      [Promise.resolve({}), /must give an object/],
      [{ a: undefined }, /gave a as undefined/],
    ] as const) {
      expect(() => feedParams({ ...source, uriParams: () => wrong as never })).toThrow(message);
    }
  });
});
