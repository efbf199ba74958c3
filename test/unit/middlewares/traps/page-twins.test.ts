import { describe, expect, it } from 'vitest';
import { PageTwins } from '../../../../middlewares/traps/page-twins.ts';

const HASH = { high: 1, low: 2 };

describe('PageTwins', () => {
  it('counts other pages of the host that are nearly the same', () => {
    const twins = new PageTwins();
    const near = { high: 1, low: 2 ^ 0b111 };
    const far = { high: 1 ^ 0b1111, low: 2 };
    expect(twins.count('a.test', '/1', HASH)).toBe(0);
    expect(twins.count('a.test', '/2', near)).toBe(1);
    expect(twins.count('a.test', '/3', far)).toBe(0);
    expect(twins.count('a.test', '/4', HASH)).toBe(2);
    expect(twins.count('b.test', '/1', HASH)).toBe(0);
  });

  it('does not count a page that comes again', () => {
    const twins = new PageTwins();
    expect([twins.count('a.test', '/1', HASH), twins.count('a.test', '/1', HASH)]).toEqual([0, 0]);
    expect(twins.count('a.test', '/2', HASH)).toBe(1);
  });

  it('remembers a thousand pages of a host', () => {
    const twins = new PageTwins();
    for (let page = 0; page < 1500; page++) twins.count('a.test', `/${page}`, HASH);
    expect(twins.count('a.test', '/new', HASH)).toBe(1000);
  });

  it('forgets the hosts that it has not met for longest', () => {
    const twins = new PageTwins();
    const other = { high: -1, low: -1 };
    twins.count('first.test', '/1', HASH);
    twins.count('second.test', '/1', HASH);
    for (let host = 0; host < 199_998; host++) twins.count(`${host}.test`, '/1', other);
    twins.count('first.test', '/1', HASH);
    twins.count('last.test', '/1', other);
    expect(twins.count('first.test', '/2', HASH)).toBe(1);
    expect(twins.count('second.test', '/2', HASH)).toBe(0);
  });
});
