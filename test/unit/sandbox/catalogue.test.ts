import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { categories, productPath, products } from '../../../src/sandbox/catalogue.ts';

const all = products();

describe('the catalogue', () => {
  it('has 1,000 books, each with its own id, UPC and address', () => {
    expect(all).toHaveLength(1000);
    expect(new Set(all.map(({ id }) => id)).size).toBe(1000);
    expect(new Set(all.map(({ upc }) => upc)).size).toBe(1000);
    expect(new Set(all.map(productPath)).size).toBe(1000);
  });

  it('is the same in every run', () => {
    const digest = createHash('sha256').update(JSON.stringify(all)).digest('hex');
    expect(digest).toBe('51b3d5324564231371a61b1dad1fdb5c29c058bb27fd944fa16e216f94518bad');
  });

  it('puts every book into one of 50 categories, of which some need several pages and some need one', () => {
    const sizes = categories().map((category) => category.products.length);
    expect(sizes).toHaveLength(50);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1000);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(Math.max(...sizes)).toBeGreaterThan(40);
    expect(sizes.some((size) => size <= 20)).toBe(true);
  });

  it('holds what trips a careless scraper: equal titles, quotes, commas, line breaks, no description', () => {
    const titles = all.map(({ title }) => title);
    expect(new Set(titles).size).toBe(999);
    expect(titles.some((title) => title.includes('"') && title.includes('ï'))).toBe(true);
    const descriptions = all.map((product) => product.description);
    for (const trap of ['\n', '\n\n', '"', ',', '<', '&', '☕', '京都']) {
      expect(descriptions.some((text) => text.includes(trap))).toBe(true);
    }
    expect(descriptions.filter((text) => text === '')).toHaveLength(4);
    expect(descriptions.every((text) => text === text.trim() && !text.includes('\r'))).toBe(true);
  });

  it('keeps prices, stars and stock in the ranges of the shop', () => {
    for (const { price, rating, stock } of all) {
      expect(price).toBeGreaterThanOrEqual(10);
      expect(price).toBeLessThan(60);
      expect([1, 2, 3, 4, 5]).toContain(rating);
      expect(stock).toBeGreaterThan(0);
    }
  });
});
