import { describe, expect, it } from 'vitest';
import { newRequest, type QueuedRequest } from '../../../src/scheduler/queued-request.ts';
import { restoredRequest, storedRequest } from '../../../src/scheduler/stored-request.ts';
import { Request, type RequestOptions } from '../../../src/values/request.ts';
import { candidate } from '../../contract/scheduler.ts';

function entry(options: RequestOptions<never> = {}, more: Partial<QueuedRequest> = {}): QueuedRequest {
  const one = candidate('http://user.test:8080/a?b=%E9', options);
  return { ...newRequest(one, 7, one.host, one.origin), ...more };
}
const again = (given: QueuedRequest): QueuedRequest => restoredRequest(storedRequest(given), given.host);

describe('a stored request', () => {
  it('is the same in every member', () => {
    const given = entry({
      method: 'POST',
      headers: { 'X-Odd-CASE': ['a', 'b'], Accept: null },
      body: new Uint8Array([0, 255, 10, 128]),
      encoding: 'iso-8859-1',
      cookies: { session: 'x' },
      flags: ['one'],
      meta: { depth: 3 } as never,
      cbKwargs: { shelf: [1, null, { deep: 'ü' }] } as never,
      priority: 5,
      dontFilter: true,
    });
    const { request, ...rest } = again(given);
    const { request: before, ...restBefore } = given;
    expect(rest).toMatchObject(JSON.parse(JSON.stringify(restBefore)));
    expect(request).toEqual(before);
    expect(request.headers.toPairs()).toEqual(before.headers.toPairs());
    expect(Buffer.from(request.body ?? '').toString('hex')).toBe('00ff0a80');
  });

  it('keeps attempt, retries, reason and facts', () => {
    const more = { attempt: 3, retries: 2, reason: 'status 503', facts: { status: 503, atMs: 9 } };
    expect(again(entry({}, more))).toMatchObject(more);
  });

  it('tells the priority of its retries from its own', () => {
    const given = again(entry({ priority: 5 }, { priority: 4 }));
    expect([given.priority, given.request.priority]).toEqual([4, 5]);
    expect(again(entry({ priority: 0 }, { priority: -2 })).request.priority).toBe(0);
  });

  it('keeps an origin that is not the beginning of its address', () => {
    const given = entry();
    const odd = { ...given, origin: 'http://else.test' };
    expect(again(odd).origin).toBe('http://else.test');
    expect(again(given).origin).toBe(given.origin);
  });

  it('says nothing of what is as usual', () => {
    const usual = entry();
    const names = Object.keys(JSON.parse(storedRequest(usual)) as object);
    expect(names).toEqual(['i', 'f', 'o', 'u']);
    expect(again(usual).request).toEqual(new Request(usual.request.url));
  });
});
