import { expect, it } from 'vitest';
import { downloaderStats } from '../../../../middlewares/index.ts';
import { DnsError } from '../../../../src/errors/dns-error.ts';
import { Response } from '../../../../src/values/response.ts';
import { contextWith, made, unitFor } from '../component-context.ts';

it('downloaderStats counts requests, answers and errors by their kinds', async () => {
  const context = contextWith();
  const middleware = await made(downloaderStats(), context);
  const unit = unitFor('http://a.test/', { method: 'POST', body: 'ab' });
  await middleware.processRequest?.(unit.request, unit);
  await middleware.processResponse?.(new Response('http://a.test/', { status: 404, body: 'abc' }), unit);
  await middleware.processException?.(new DnsError('http://a.test/', 'x'), unit);
  expect(context.stats.snapshot()).toMatchObject({
    'downloader/request_count': 1,
    'downloader/request_method_count/POST': 1,
    'downloader/request_body_bytes': 2,
    'downloader/response_count': 1,
    'downloader/status/404': 1,
    'downloader/response_bytes': 3,
    'downloader/exception_count': 1,
    'downloader/exception/DnsError': 1,
  });
});
