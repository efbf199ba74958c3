import { describe, expect, it } from 'vitest';
import { type RetryOptions, retry } from '../../../../middlewares/index.ts';
import { ConnectionRefusedError } from '../../../../src/errors/connection-refused-error.ts';
import { TlsError } from '../../../../src/errors/tls-error.ts';
import { Request } from '../../../../src/values/request.ts';
import type { RequestMeta } from '../../../../src/values/request-meta.ts';
import { Response } from '../../../../src/values/response.ts';
import { contextWith, made, type TestContext, unitOf } from '../component-context.ts';

const URL = 'http://a.test/';

interface Attempt {
  readonly status?: number;
  readonly error?: Error;
  readonly retryAfter?: string;
  readonly retries?: number;
  readonly meta?: RequestMeta;
  readonly options?: RetryOptions;
  readonly context?: TestContext;
}

async function outcomeOf({
  status = 503,
  error,
  retryAfter,
  retries = 0,
  meta = {},
  options,
  context,
}: Attempt): Promise<unknown> {
  const middleware = await made(retry(options), context ?? contextWith());
  const unit = unitOf(new Request(URL, { meta }), retries);
  if (error !== undefined) return middleware.processException?.(error, unit);
  const headers = retryAfter === undefined ? {} : { 'Retry-After': retryAfter };
  return middleware.processResponse?.(new Response(URL, { status, headers, request: unit.request }), unit);
}

describe('retry', () => {
  it('stays out when it is off', () => {
    expect(retry()(contextWith({ retry: false }))).toBeUndefined();
  });

  it('doubles the wait each time', async () => {
    expect(await outcomeOf({ retries: 0 })).toMatchObject({ afterMs: 1000 });
    expect(await outcomeOf({ retries: 1 })).toMatchObject({ afterMs: 2000 });
  });

  it('varies the wait by half', async () => {
    expect(await outcomeOf({ context: contextWith({}, { random: () => 0 }) })).toMatchObject({
      afterMs: 500,
    });
    expect(await outcomeOf({ context: contextWith({}, { random: () => 0.999 }) })).toMatchObject({
      afterMs: 1499,
    });
  });

  it('waits as long as Retry-After asks, up to the limit', async () => {
    expect(await outcomeOf({ retryAfter: '30' })).toMatchObject({ afterMs: 30_000 });
    expect(await outcomeOf({ retryAfter: '86400' })).toMatchObject({ afterMs: 600_000 });
  });

  it.each([429, 503])('leaves the whole host alone after a %i with Retry-After', async (status) => {
    const context = contextWith();
    await outcomeOf({ status, retryAfter: '30', context });
    expect(context.hosts.blocked).toEqual([['a.test', 30_000]]);
  });

  it('leaves the host alone even where the request is not tried again', async () => {
    const context = contextWith();
    expect(
      await outcomeOf({ status: 429, retryAfter: '30', meta: { dontRetry: true }, context }),
    ).toBeUndefined();
    expect(context.hosts.blocked).toHaveLength(1);
  });

  it('does not block the host for the fault of one page', async () => {
    const context = contextWith();
    await outcomeOf({ status: 500, retryAfter: '30', context });
    expect(context.hosts.blocked).toEqual([]);
  });

  it('tries again what the network failed at, not what was refused', async () => {
    expect(await outcomeOf({ error: new ConnectionRefusedError(URL, 'x') })).toMatchObject({
      reason: 'ConnectionRefusedError',
    });
    expect(await outcomeOf({ error: new TlsError(URL, 'x') })).toBeUndefined();
    expect(await outcomeOf({ error: new Error('a fault of our own') })).toBeUndefined();
  });

  it('counts retries by their reasons', async () => {
    const context = contextWith();
    await outcomeOf({ context });
    expect(context.stats.snapshot()).toMatchObject({ 'retry/count': 1, 'retry/reason_count/status 503': 1 });
  });

  it('says when it gives up, on the level that the request wants', async () => {
    const context = contextWith();
    expect(await outcomeOf({ retries: 2, meta: { giveUpLogLevel: 'warn' }, context })).toBeUndefined();
    expect(context.logger.messages('warn')).toEqual(['gave up after 3 tries: status 503']);
    expect(context.stats.get('retry/max_reached')).toBe(1);
  });
});
