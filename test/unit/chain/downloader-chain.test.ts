import { describe, expect, it } from 'vitest';
import { DownloaderChain } from '../../../src/chain/downloader-chain.ts';
import type { DownloaderMiddleware } from '../../../src/contracts/downloader-middleware.ts';
import type { Unit } from '../../../src/contracts/unit.ts';
import { drop, isDrop } from '../../../src/values/drop.ts';
import { Request } from '../../../src/values/request.ts';
import { Response } from '../../../src/values/response.ts';
import { isRetryLater, retryLater } from '../../../src/values/retry-later.ts';

const request = new Request('http://site.test/');
const unit = {} as Unit;
const answer = (): Promise<Response> => Promise.resolve(new Response(request.url, { request }));
const run = (middlewares: DownloaderMiddleware[], download = answer) =>
  new DownloaderChain(middlewares).run(request, unit, download);

describe('DownloaderChain', () => {
  it('passes requests inwards and responses outwards', async () => {
    const log: string[] = [];
    const step = (name: string): DownloaderMiddleware => ({
      name,
      processRequest: () => void log.push(`${name} out`),
      processResponse: async () => void log.push(`${name} back`),
    });
    await run([step('a'), step('b')], () => {
      log.push('download');
      return answer();
    });
    expect(log).toEqual(['a out', 'b out', 'download', 'b back', 'a back']);
  });

  it('skips inner steps and the download for a response, which passes every processResponse', async () => {
    const seen: string[] = [];
    const early = new Response('http://site.test/kept');
    const outcome = await run(
      [
        { name: 'outer', processResponse: () => void seen.push('outer') },
        { name: 'cache', processRequest: async () => early },
        {
          name: 'inner',
          processRequest: () => void seen.push('inner'),
          processResponse: () => void seen.push('back'),
        },
      ],
      () => Promise.reject(new Error('no download')),
    );
    expect(outcome).toBe(early);
    expect(seen).toEqual(['back', 'outer']);
  });

  it('makes an outcome of an error, innermost first, and else throws it', async () => {
    const fail = () => Promise.reject(new Error('refused'));
    const outcome = await run(
      [
        { name: 'outer', processException: () => drop('no') },
        { name: 'retry', processException: () => retryLater('again') },
      ],
      fail,
    );
    expect(isRetryLater(outcome)).toBe(true);
    await expect(run([{ name: 'idle', processException: () => undefined }], fail)).rejects.toThrow('refused');
  });

  it('gives errors of request hooks to exception hooks too', async () => {
    const outcome = await run([
      { name: 'outer', processException: () => drop('no') },
      {
        name: 'bad',
        processRequest: () => {
          throw new Error('boom');
        },
      },
    ]);
    expect(isDrop(outcome)).toBe(true);
  });

  it('says which hook answered nonsense', async () => {
    const bad = { name: 'bad', processResponse: () => 5 } as unknown as DownloaderMiddleware;
    await expect(run([bad])).rejects.toThrow('middleware bad');
    const late = { name: 'late', processRequest: () => retryLater('x') } as unknown as DownloaderMiddleware;
    await expect(run([late])).rejects.toThrow('processRequest answered');
    const nameless = { name: '', processRequest: () => null } as unknown as DownloaderMiddleware;
    await expect(run([nameless])).rejects.toThrow(
      'a middleware without a name: processRequest answered null',
    );
  });

  it('has an inside of each step', async () => {
    const log: string[] = [];
    const step = (name: string): DownloaderMiddleware => ({
      name,
      processRequest: () => void log.push(name),
    });
    await new DownloaderChain([step('a'), step('robots'), step('c')])
      .inside('robots')
      .run(request, unit, answer);
    expect(log).toEqual(['c']);
  });

  it('refuses to prepare an origin within the preparation of the same one', async () => {
    const inner = new DownloaderChain([{ name: 'x', prepareOrigin: async () => {} }]);
    const outer = new DownloaderChain([
      { name: 'robots', prepareOrigin: async (origin) => void (await inner.prepare(origin, 'site.test')) },
    ]);
    await expect(outer.prepare('http://site.test', 'site.test')).rejects.toThrow('would wait for itself');
    await expect(inner.prepare('http://site.test', 'site.test')).resolves.toBeUndefined();
  });
});
