import type { LookupAddress } from 'node:dns';
import { expect, it } from 'vitest';
import { DnsCache } from '../../../src/downloader/dns-cache.ts';

const answer: readonly LookupAddress[] = [
  { address: '::1', family: 6 },
  { address: '127.0.0.1', family: 4 },
];

function cacheOf(
  ttlMs: number,
  resolver = async (_: string): Promise<readonly LookupAddress[]> => answer,
  maxNames = 10,
) {
  const asked: string[] = [];
  const time = { ms: 0 };
  const clock = { now: () => 0, monotonicMs: () => time.ms, setTimeout: () => () => {} };
  const counting = (name: string) => {
    asked.push(name);
    return resolver(name);
  };
  return { cache: new DnsCache(ttlMs, clock, maxNames, counting), asked, time };
}

it('asks once while an answer is fresh, and again afterwards', async () => {
  const { cache, asked, time } = cacheOf(1_000);
  await cache.resolve('a.test');
  time.ms = 999;
  expect(await cache.resolve('a.test')).toBe(answer);
  expect(asked).toHaveLength(1);
  time.ms = 1_000;
  await cache.resolve('a.test');
  expect(asked).toHaveLength(2);
});

it('asks once for a name that many wait for', async () => {
  const { cache, asked } = cacheOf(0);
  await Promise.all([cache.resolve('a.test'), cache.resolve('a.test')]);
  expect(asked).toHaveLength(1);
});

it('keeps nothing when the time is 0', async () => {
  const { cache, asked } = cacheOf(0);
  await cache.resolve('a.test');
  await cache.resolve('a.test');
  expect(asked).toHaveLength(2);
});

it('does not keep failures', async () => {
  const { cache, asked } = cacheOf(1_000, async () => {
    throw new Error('EAI_AGAIN');
  });
  await expect(cache.resolve('a.test')).rejects.toThrow();
  await expect(cache.resolve('a.test')).rejects.toThrow();
  expect(asked).toHaveLength(2);
});

it('forgets the oldest name above its bound', async () => {
  const { cache, asked } = cacheOf(1_000, undefined, 2);
  for (const name of ['a.test', 'b.test', 'c.test', 'c.test', 'a.test']) await cache.resolve(name);
  expect(asked).toEqual(['a.test', 'b.test', 'c.test', 'a.test']);
});

it('gives sockets every address, or one of the family they want', async () => {
  const { cache } = cacheOf(1_000);
  const lookup = cache.lookupWith(() => {});
  const ask = (options: { all?: boolean; family?: number }) =>
    new Promise((resolve) => lookup('a.test', options, (...got) => resolve(got)));
  expect(await ask({ all: true })).toEqual([null, answer]);
  expect(await ask({ family: 4 })).toEqual([null, '127.0.0.1', 4]);
});

it('shows every address to the check before one is used', async () => {
  const { cache } = cacheOf(1_000);
  const lookup = cache.lookupWith((addresses) => {
    if (addresses.some(({ address }) => address === '127.0.0.1')) throw new Error('not this one');
  });
  const error = await new Promise((resolve) => lookup('a.test', { family: 6 }, resolve));
  expect(error).toEqual(new Error('not this one'));
});
