import { describe, expect, it } from 'vitest';
import { SessionTwins } from '../../../../middlewares/traps/session-twins.ts';

const ONE = '0123456789abcdef';
const TWO = 'fedcba9876543210';
const PAGE = { url: 'http://a.test/', retries: 0 };

describe('SessionTwins', () => {
  it.each([
    (id: string) => `http://a.test/p;jsessionid=${id}`,
    (id: string) => `http://a.test/p;JSESSIONID=${id}?page=1`,
    (id: string) => `http://a.test/p?PHPSESSID=${id}`,
    (id: string) => `http://a.test/p?page=1&sid=${id}#top`,
    (id: string) => `http://a.test/p?ASPSESSIONIDQWERTYUI=${id}&page=1`,
  ])('knows an address under another session (%#)', (addressOf) => {
    const twins = new SessionTwins();
    expect(
      [addressOf(ONE), addressOf(ONE), addressOf(TWO), addressOf(ONE)].map((url) => twins.isTwin(url, PAGE)),
    ).toEqual([false, false, true, false]);
  });

  it.each([
    ['without a session', 'http://a.test/p?page=1', 'http://a.test/p?page=2'],
    ['whose ids are short: they may be of anything', 'http://a.test/p?sid=12', 'http://a.test/p?sid=13'],
    ['of other pages', `http://a.test/p?page=1&sid=${ONE}`, `http://a.test/p?page=2&sid=${TWO}`],
    ['with an argument of another name', `http://a.test/p?isbnsid=${ONE}`, `http://a.test/p?isbnsid=${TWO}`],
  ])('lets addresses pass %s', (_, first, second) => {
    const twins = new SessionTwins();
    expect([twins.isTwin(first, PAGE), twins.isTwin(second, PAGE)]).toEqual([false, false]);
  });

  it('forgets the session of a try at a page that is tried again', () => {
    const twins = new SessionTwins();
    const retry = { ...PAGE, retries: 1 };
    const other = { url: 'http://a.test/other', retries: 1 };
    expect(twins.isTwin(`http://a.test/p?sid=${ONE}`, PAGE)).toBe(false);
    expect(twins.isTwin(`http://a.test/p?sid=${TWO}`, other)).toBe(true);
    expect(twins.isTwin(`http://a.test/p?sid=${TWO}`, retry)).toBe(false);
    expect(twins.isTwin(`http://a.test/p?sid=${ONE}`, PAGE)).toBe(true);
  });

  it('remembers a bounded number of pages', () => {
    const twins = new SessionTwins();
    const address = (page: number, id: string) => `http://a.test/${page}?sid=${id}`;
    for (let page = 0; page <= 100_000; page++) twins.isTwin(address(page, ONE), PAGE);
    expect([twins.isTwin(address(1, TWO), PAGE), twins.isTwin(address(0, TWO), PAGE)]).toEqual([true, false]);
  });
});
