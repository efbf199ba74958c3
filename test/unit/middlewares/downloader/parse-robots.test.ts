import { describe, expect, it } from 'vitest';
import { parseRobots, robotsAvailability } from '../../../../middlewares/index.ts';

const ORIGIN = 'http://a.test';
const allows = (robots: string | Uint8Array, path: string, agent = 'spidey'): boolean =>
  parseRobots(robots, agent, ORIGIN).isAllowed(ORIGIN + path);

describe('parseRobots', () => {
  it('compares characters that URLs do not hold in one spelling', () => {
    expect(allows('User-agent: *\nDisallow: /a|b c\n', '/a|b%20c')).toBe(false);
    expect(allows('User-agent: *\nDisallow: /a[b]\n', '/a[b]')).toBe(false);
  });

  it('compares bytes, so that a file in another encoding works', () => {
    const latin1 = Buffer.from('User-agent: *\nDisallow: /caf\xe9\n', 'latin1');
    expect(allows(latin1, '/caf%E9')).toBe(false);
    expect(allows(latin1, '/caf%C3%A9')).toBe(true);
  });

  it('knows the agent by its first word', () => {
    const robots = 'User-agent: Spidey/1.0\nDisallow: /\n';
    expect(allows(robots, '/x', 'spidey/2.0 (+http://x.test)')).toBe(false);
    expect(allows(robots, '/x', 'other')).toBe(true);
  });

  it('holds the names of prototypes for no groups', () => {
    expect(allows('User-agent: *\nDisallow: /x\n', '/x', 'constructor')).toBe(false);
    expect(allows('User-agent: __proto__\nDisallow: /\n', '/x')).toBe(true);
  });

  it('reads sitemaps in UTF-8', () => {
    const { sitemaps } = parseRobots('Sitemap: http://a.test/karte-é.xml\n', 'x', ORIGIN);
    expect(sitemaps).toEqual(['http://a.test/karte-é.xml']);
  });

  it('keeps the last byte of a letter that looks like a blank', () => {
    const { isAllowed } = parseRobots('User-agent: x\nDisallow: /\u00e0\n', 'x', ORIGIN);
    expect([isAllowed(`${ORIGIN}/\u00e0`), isAllowed(`${ORIGIN}/\u00e1`)]).toEqual([false, true]);
  });

  it('skips a Crawl-delay that is no number', () => {
    const robots = 'User-agent: *\nCrawl-delay: 3\nCrawl-delay: soon\nCrawl-delay: -1\n';
    expect(parseRobots(robots, 'x', ORIGIN).crawlDelay).toBe(3);
  });

  it('reads a hostile file of wildcards in bounded time, stricter rather than laxer', () => {
    const wild = `User-agent: *\n${`Disallow: /${'*a'.repeat(1000)}b\n`.repeat(240)}Disallow: /keep*out\n`;
    const path = `/${'a'.repeat(2000)}`;
    const rules = parseRobots(wild, 'x', ORIGIN);
    const startedAt = performance.now();
    rules.isAllowed(ORIGIN + path);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(rules.isAllowed(`${ORIGIN}/keepout`)).toBe(false);
  });
});

describe('robotsAvailability', () => {
  const body = Buffer.from('User-agent: *');

  it.each([200, 206])('lets the rules of a %i count', (status) => {
    expect(robotsAvailability(status, body)).toBe('rules');
  });

  it.each([301, 401, 404, 429, 499])('allows everything after a %i', (status) => {
    expect(robotsAvailability(status, body)).toBe('allow-all');
  });

  it.each([500, 503, 599, undefined])('forbids everything after %s', (status) => {
    expect(robotsAvailability(status, body)).toBe('deny-all');
  });
});
