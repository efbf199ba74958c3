import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { warcArchive } from '../../../../middlewares/index.ts';
import type { WireExchange } from '../../../../src/contracts/wire-exchange.ts';
import { Request } from '../../../../src/values/request.ts';
import { Response } from '../../../../src/values/response.ts';
import { openOnLooseDisk, openOnSmallDisk } from '../../feed/failing-file.ts';
import { temporaryFolder } from '../../feed/temporary-folder.ts';
import { contextWith, made, unitOf } from '../component-context.ts';

const url = 'http://site.test/';
const exchange: WireExchange = {
  url,
  method: 'GET',
  target: '/',
  requestHeaders: [],
  requestBody: undefined,
  status: 200,
  statusText: 'OK',
  rawHeaders: [],
  body: Buffer.alloc(5000),
  truncated: undefined,
  protocol: 'http/1.1',
  ipAddress: undefined,
  timings: { latencyMs: 1, totalMs: 2 },
};

describe('warcArchive', () => {
  it('stays out without a file', async () => {
    expect(await warcArchive()(contextWith())).toBeUndefined();
  });

  it('gives a page back and ends the crawl when the disk is full', async () => {
    const stopped: string[] = [];
    const context = contextWith(
      { warcFile: join(temporaryFolder(), 'x.warc') },
      { stop: (reason) => stopped.push(reason) },
    );
    const archive = await made(warcArchive({ open: openOnSmallDisk({ bytes: 2000 }) }), context);
    await archive.open?.();
    const request = new Request(url);
    const unit = unitOf(request);
    await archive.processRequest?.(request, unit);
    unit.onExchange?.(exchange);
    expect(await archive.processResponse?.(new Response(url), unit)).toMatchObject({
      reason: 'not archived',
    });
    expect(stopped).toEqual(['output_error']);
    await expect(archive.close?.('output_error')).rejects.toThrow('the disk is full');
  });

  it.each([
    ['fsync', 'fsync'],
    ['process', undefined],
  ] as const)('syncs its records with those of the job and at its end: %s', async (durability, fault) => {
    const syncs: (() => Promise<void>)[] = [];
    const warcFile = join(temporaryFolder(), 'x.warc');
    const context = contextWith(
      { warcFile, durability, jobDir: 'job' },
      { syncWith: (sync) => syncs.push(sync) },
    );
    const archive = await made(warcArchive({ open: openOnLooseDisk }), context);
    await archive.open?.();
    const request = new Request(url);
    const unit = unitOf(request);
    await archive.processRequest?.(request, unit);
    unit.onExchange?.(exchange);
    await archive.processResponse?.(new Response(url), unit);
    if (fault === undefined) await archive.close?.('finished');
    else {
      await expect(syncs[0]?.()).rejects.toThrow(fault);
      await expect(archive.close?.('finished')).rejects.toThrow(fault);
    }
  });

  it.each([
    ['appends to', true, {}],
    ['appends to', true, { begun: ['x.warc'] }],
    ['overwrites', true, { begun: [] }],
    ['overwrites', false, {}],
  ] as const)('%s what is there in a job (resumed: %s) that has kept %j', async (does, isResumed, kept) => {
    const warcFile = join(temporaryFolder(), 'x.warc');
    const write = async (parts: Parameters<typeof contextWith>[1]): Promise<string> => {
      const context = contextWith({ warcFile, warcIfExists: 'overwrite' }, parts);
      const archive = await made(warcArchive(), context);
      await archive.open?.();
      await context.signals.emit('engineStarted', {});
      await archive.close?.('finished');
      return readFileSync(warcFile, 'utf8');
    };
    const before = await write({});
    const begun = 'begun' in kept ? { begun: kept.begun.map(() => warcFile) } : {};
    const after = await write({ isResumed, state: () => begun });
    expect(after.startsWith(before)).toBe(does === 'appends to');
  });

  it('lets answers pass that did not come from the network', async () => {
    const archive = await made(warcArchive(), contextWith({ warcFile: join(temporaryFolder(), 'x.warc') }));
    expect(await archive.processResponse?.(new Response(url), unitOf(new Request(url)))).toBeUndefined();
  });
});
