import { referer } from '../../middlewares/index.ts';
import { Request } from '../../src/values/request.ts';
import { Response } from '../../src/values/response.ts';
import { contextWith, made, unitOf } from '../unit/middlewares/component-context.ts';
import { cases } from './load.ts';

interface Step {
  readonly from: string;
  readonly to: string;
  readonly policy?: string;
  readonly header?: string;
  readonly requestPolicy?: string;
}

cases<Step>('referer', async ({ from, to, policy, header, requestPolicy }) => {
  const middleware = await made(referer(policy === undefined ? {} : { policy }), contextWith());
  const page = new Request(from);
  const unit = unitOf(page);
  unit.response = new Response(from, {
    request: page,
    ...(header !== undefined && { headers: { 'Referrer-Policy': header } }),
  });
  const found = new Request(to, {
    meta: requestPolicy === undefined ? {} : { referrerPolicy: requestPolicy },
  });
  await middleware.processOutput?.(found, unit);
  return found.headers.get('referer') ?? null;
});
