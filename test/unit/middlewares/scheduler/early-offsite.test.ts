import { expect, it } from 'vitest';
import { earlyOffsite } from '../../../../middlewares/index.ts';
import { Request } from '../../../../src/values/request.ts';
import { contextWith, made } from '../component-context.ts';

it('earlyOffsite keeps requests out of the queue, but for those whose errback has to be told', async () => {
  const middleware = await made(earlyOffsite(), contextWith({}, { spider: { allowedDomains: ['a.test'] } }));
  const decide = (request: Request) => middleware.processEnqueue?.(request, undefined, 'callback');
  expect(await decide(new Request('http://b.test/'))).toMatchObject({ reason: 'offsite' });
  expect(await decide(new Request('http://b.test/', { errback: 'onError' }))).toBeUndefined();
  expect(await decide(new Request('http://a.test/'))).toBeUndefined();
});
