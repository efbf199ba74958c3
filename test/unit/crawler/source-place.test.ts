import { describe, expect, it } from 'vitest';
import { sourcePlace } from '../../../src/crawler/source-place.ts';

describe('sourcePlace', () => {
  it('gives the line alone where the column cannot be found', () => {
    const place = `${import.meta.filename}:2:19`;
    expect(sourcePlace(place, (source) => source)).toBe(`${import.meta.filename}:2`);
    expect(sourcePlace('/no/such/file.ts:4:1', (source) => source)).toBe('/no/such/file.ts:4');
  });
});
