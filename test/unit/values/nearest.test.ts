import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/values/nearest.ts';

describe('nearest', () => {
  it('finds words with a slip of the fingers, best first', () => {
    expect(nearest('bookss', ['quotes', 'book', 'books'])).toEqual(['books', 'book']);
    expect(nearest('lsit', ['list', 'init', 'run'])[0]).toBe('list');
  });

  it('does not care for case', () => {
    expect(nearest('Books', ['books'])).toEqual(['books']);
  });

  it('offers nothing that is far away', () => {
    expect(nearest('zebra', ['books', 'list'])).toEqual([]);
  });

  it('ends soon on a very long word', () => {
    expect(nearest('x'.repeat(100_000), ['books'])).toEqual([]);
  });
});
