import { describe, expect, it } from 'vitest';
import {
  cacheControl,
  cachedFreshness,
  confirmsCached,
  mayCacheRequest,
  mayCacheResponse,
} from '../../../../middlewares/index.ts';
import { HeaderMap, type HeadersInit } from '../../../../src/values/header-map.ts';

const NOW_MS = Date.UTC(2023, 10, 14, 22, 13, 20);
const ago = (seconds: number) => new Date(NOW_MS - seconds * 1000).toUTCString();
const answer = (headers: HeadersInit, status = 200) => ({ status, headers: new HeaderMap(headers) });
const isFresh = (headers: HeadersInit, asked: HeadersInit = {}, status = 200) =>
  cachedFreshness(answer(headers, status), { headers: new HeaderMap(asked) }, {}, NOW_MS).fresh;

describe('Cache-Control', () => {
  it('is read over several headers, whatever the case and blanks', () => {
    const headers = new HeaderMap([
      ['Cache-Control', ' Max-Age=5 ,, NO-CACHE'],
      ['Cache-Control', 'private="x"'],
    ]);
    expect([...cacheControl(headers)]).toEqual([
      ['max-age', '5'],
      ['no-cache', null],
      ['private', '"x"'],
    ]);
  });
});

describe('what may be stored', () => {
  it('is no answer of a scheme that is left out', () => {
    const request = { url: 'FILE:///x', headers: new HeaderMap() };
    expect(mayCacheRequest(request, { ignoreSchemes: ['file'] })).toBe(false);
    expect(mayCacheRequest(request)).toBe(true);
  });

  it.each([
    [200, { ETag: '"1"' }, true],
    [200, {}, false],
    [404, { ETag: '"1"' }, false],
    [404, { 'Cache-Control': 'max-age=1' }, true],
    [301, {}, true],
    [302, {}, false],
    [206, { Expires: ago(-60) }, false],
  ])('%i with %j: %s', (status, headers, may) => {
    expect(mayCacheResponse(answer(headers, status))).toBe(may);
  });

  it('is everything but no-store and 304 where all is stored', () => {
    expect(mayCacheResponse(answer({}, 404), { alwaysStore: true })).toBe(true);
    expect(mayCacheResponse(answer({}, 304), { alwaysStore: true })).toBe(false);
  });
});

describe('a stored answer is fresh', () => {
  it('as long as max-age says, whatever Expires does', () => {
    const expired = { 'Cache-Control': 'max-age=60', Expires: ago(10) };
    expect(isFresh({ ...expired, Date: ago(59) })).toBe(true);
    expect(isFresh({ ...expired, Date: ago(60) })).toBe(false);
  });

  it('not when Expires cannot be read', () => {
    expect(isFresh({ Expires: '0', Date: ago(0) })).toBe(false);
  });

  it('for a tenth of the time since it was changed', () => {
    expect(isFresh({ 'Last-Modified': ago(1000), Date: ago(80) })).toBe(true);
    expect(isFresh({ 'Last-Modified': ago(1000), Date: ago(100) })).toBe(false);
  });

  it('not when its change lies behind its date', () => {
    expect(isFresh({ 'Last-Modified': ago(0), Date: ago(10) })).toBe(false);
  });

  it('for a year when it is a lasting redirect', () => {
    expect(isFresh({ Date: ago(300 * 86_400) }, {}, 308)).toBe(true);
    expect(isFresh({ Date: ago(366 * 86_400) }, {}, 308)).toBe(false);
  });

  it('as long as the request bears', () => {
    const stale = { 'Cache-Control': 'max-age=60', Date: ago(100) };
    expect(isFresh(stale, { 'Cache-Control': 'max-stale=41' })).toBe(true);
    expect(isFresh(stale, { 'Cache-Control': 'max-stale=40' })).toBe(false);
    expect(isFresh(stale, { 'Cache-Control': 'max-stale=x' })).toBe(false);
    const strict = { ...stale, 'Cache-Control': 'max-age=60, must-revalidate' };
    expect(isFresh(strict, { 'Cache-Control': 'max-stale' })).toBe(false);
  });
});

describe('a new answer confirms the stored one', () => {
  it.each([
    [304, '', true],
    [304, 'must-revalidate', true],
    [500, '', true],
    [500, 'must-revalidate', false],
    [404, '', false],
  ])('%i, stored with %j: %s', (status, control, confirms) => {
    expect(confirmsCached(answer({ 'Cache-Control': control }), { status })).toBe(confirms);
  });

  it('also where must-revalidate is overlooked', () => {
    const stored = answer({ 'Cache-Control': 'must-revalidate' });
    expect(
      confirmsCached(stored, { status: 503 }, { ignoreResponseCacheControls: ['Must-Revalidate'] }),
    ).toBe(true);
  });
});
