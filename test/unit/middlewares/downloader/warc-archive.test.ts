import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { warcArchive } from '../../../../middlewares/index.ts';
import type { WireExchange } from '../../../../src/contracts/wire-exchange.ts';
import { Request } from '../../../../src/values/request.ts';
import { Response } from '../../../../src/values/response.ts';
import { openOnSmallDisk } from '../../feed/failing-file.ts';
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

  it('lets answers pass that did not come from the network', async () => {
    const archive = await made(warcArchive(), contextWith({ warcFile: join(temporaryFolder(), 'x.warc') }));
    expect(await archive.processResponse?.(new Response(url), unitOf(new Request(url)))).toBeUndefined();
  });
});
