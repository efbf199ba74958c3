import { describe, expect, it } from 'vitest';
import { timeout } from '../../../../middlewares/index.ts';
import type { RequestMeta } from '../../../../src/values/request-meta.ts';
import { contextWith, made, unitFor } from '../component-context.ts';

async function limits(meta: RequestMeta, ms?: number): Promise<readonly number[]> {
  const middleware = await made(timeout(ms === undefined ? {} : { ms }), contextWith());
  const unit = unitFor('http://a.test/', { meta });
  await middleware.processRequest?.(unit.request, unit);
  return [unit.timeoutMs, unit.maxBodyBytes];
}

describe('timeout', () => {
  it('leaves the limits of the settings where nothing else is said', async () => {
    expect(await limits({})).toEqual([60_000, 32 * 1024 * 1024]);
  });

  it('takes the limits of the request', async () => {
    expect(await limits({ downloadTimeoutMs: 5, maxBodyBytes: 7 }, 9)).toEqual([5, 7]);
  });

  it('takes its own limit where the request has none', async () => {
    expect((await limits({ downloadTimeoutMs: 0 }, 9))[0]).toBe(9);
  });
});
