import { describe, expect, it } from 'vitest';
import { type DepthOptions, depth } from '../../../../middlewares/index.ts';
import type { RequestSource } from '../../../../src/contracts/scheduler-middleware.ts';
import { Request } from '../../../../src/values/request.ts';
import type { RequestMeta } from '../../../../src/values/request-meta.ts';
import { contextWith, made, unitFor } from '../component-context.ts';

const URL = 'http://a.test/';

async function placed(
  source: RequestSource,
  { from, meta = {}, options = {} }: { from?: number; meta?: RequestMeta; options?: DepthOptions },
): Promise<Request> {
  const middleware = await made(depth(options), contextWith());
  const request = new Request(URL, { meta });
  await middleware.processEnqueue?.(
    request,
    from === undefined ? undefined : unitFor(URL, { meta: { depth: from } }),
    source,
  );
  return request;
}

describe('depth', () => {
  it('begins at 0 and counts hops', async () => {
    expect((await placed('start', {})).meta.depth).toBe(0);
    expect((await placed('callback', { from: 2 })).meta.depth).toBe(3);
  });

  it('leaves a redirect as deep as what was redirected', async () => {
    const target = await placed('redirect', { from: 2, meta: { depth: 2 }, options: { depthPriority: 5 } });
    expect(target).toMatchObject({ meta: { depth: 2 }, priority: 0 });
  });

  it('never drops a redirect at the deepest level', async () => {
    const middleware = await made(depth({ maxDepth: 2 }), contextWith());
    const target = new Request(URL, { meta: { depth: 2 } });
    expect(
      await middleware.processEnqueue?.(target, unitFor(URL, { meta: { depth: 2 } }), 'redirect'),
    ).toBeUndefined();
  });

  it('starts again at 0 with meta.depthReset, for that request alone', async () => {
    const { meta } = await placed('callback', { from: 7, meta: { depthReset: true } });
    expect(meta).toEqual({ depth: 0 });
  });

  it('counts depths in the stats when asked', async () => {
    const context = contextWith({ depthStatsVerbose: true });
    const middleware = await made(depth(), context);
    await middleware.processEnqueue?.(new Request(URL), unitFor(URL, { meta: { depth: 2 } }), 'callback');
    expect(context.stats.snapshot()).toEqual({ request_depth_max: 3, 'request_depth_count/3': 1 });
  });
});
