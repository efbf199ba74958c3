import { describe, expect, it } from 'vitest';
import type { QueuedRequest } from '../../../src/scheduler/queued-request.ts';
import { restoredRequest, storedRequest } from '../../../src/scheduler/stored-request.ts';
import { Request, type RequestOptions } from '../../../src/values/request.ts';
import { candidate } from '../../contract/scheduler.ts';

function entry(options: RequestOptions<never> = {}, more: Partial<QueuedRequest> = {}): QueuedRequest {
  const one = candidate('http://user.test:8080/a?b=%E9', options);
  return {
    id: 7,
    candidate: one,
    sequence: 0,
    attempt: 1,
    retries: 0,
    priority: one.request.priority,
    state: 'queued',
    dueMs: 0,
    reason: undefined,
    heapIndex: -1,
    ...more,
  };
}
const again = (given: QueuedRequest): QueuedRequest =>
  restoredRequest(storedRequest(given), given.candidate.host);

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
    const { request, ...candidateRest } = again(given).candidate;
    const { request: before, ...candidateBefore } = given.candidate;
    expect(candidateRest).toMatchObject(JSON.parse(JSON.stringify(candidateBefore)));
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
    expect([given.priority, given.candidate.request.priority]).toEqual([4, 5]);
    expect(again(entry({ priority: 0 }, { priority: -2 })).candidate.request.priority).toBe(0);
  });

  it('keeps an origin that is not the beginning of its address', () => {
    const given = entry();
    const odd = { ...given, candidate: { ...given.candidate, origin: 'http://else.test' } };
    expect(again(odd).candidate.origin).toBe('http://else.test');
    expect(again(given).candidate.origin).toBe(given.candidate.origin);
  });

  it('says nothing of what is as usual', () => {
    const usual = entry();
    const names = Object.keys(JSON.parse(storedRequest(usual)) as object);
    expect(names).toEqual(['i', 'f', 'o', 'u']);
    expect(again(usual).candidate.request).toEqual(new Request(usual.candidate.request.url));
  });
});
