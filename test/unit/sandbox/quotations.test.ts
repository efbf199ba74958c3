import { describe, expect, it } from 'vitest';
import { authors, quotes } from '../../../src/sandbox/quotations.ts';

describe('the quotations', () => {
  it('has 100 different quotes', () => {
    expect(new Set(quotes().map(({ text }) => text)).size).toBe(100);
  });

  it('has 40 authors with their own addresses, each of whom said something', () => {
    expect(new Set(authors().map(({ slug }) => slug)).size).toBe(40);
    expect(new Set(quotes().map(({ author }) => author)).size).toBe(40);
  });

  it('has quotes without a tag', () => {
    expect(quotes().some(({ tags }) => tags.length === 0)).toBe(true);
  });
});
