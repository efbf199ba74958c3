import { describe, expect, it } from 'vitest';
import { distance, type SimHash, simHash } from '../../../../middlewares/traps/sim-hash.ts';
import { seeded } from '../../../support/seeded.ts';

const random = seeded(7);
const words = (count: number) =>
  Array.from({ length: count }, () => Math.floor(random() * 5000).toString(36));
const hashOf = (text: readonly string[]): SimHash => {
  const hash = simHash(text.join(' '));
  if (hash === undefined) throw new Error('too short');
  return hash;
};

describe('simHash', () => {
  it('is the same for the same words, whatever stands between them', () => {
    const text = words(100);
    expect(simHash(text.join(',\n'))).toEqual(simHash(text.join(' ').toUpperCase()));
  });

  it('differs little where one word of a long text does, and much where the text is another', () => {
    const near: number[] = [];
    const far: number[] = [];
    for (let trial = 0; trial < 50; trial++) {
      const text = words(400);
      near.push(distance(hashOf(text), hashOf(text.with(200, 'other'))));
      far.push(distance(hashOf(text), hashOf(words(400))));
    }
    expect(Math.max(...near)).toBeLessThan(10);
    expect(Math.min(...far)).toBeGreaterThan(10);
  });

  it('says nothing of a few words', () => {
    expect([simHash(''), simHash(words(29).join(' '))]).toEqual([undefined, undefined]);
    expect(simHash(words(30).join(' '))).toBeDefined();
  });

  it('reads the words of any script', () => {
    const text = Array.from({ length: 40 }, (_, at) => `слово${at}`).join(' ');
    expect(simHash(text)).not.toEqual(simHash(text.replaceAll('слово', 'другое')));
  });
});

describe('distance', () => {
  it('counts the bits that differ', () => {
    expect(distance({ high: 0, low: -1 }, { high: -1, low: -1 })).toBe(32);
    expect(distance({ high: 5, low: 0 }, { high: 0, low: 1 })).toBe(3);
    expect(distance({ high: 5, low: 9 }, { high: 5, low: 9 })).toBe(0);
  });
});
