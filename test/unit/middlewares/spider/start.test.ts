import { expect, it } from 'vitest';
import { start } from '../../../../middlewares/index.ts';
import { Request } from '../../../../src/values/request.ts';
import { contextWith, made } from '../component-context.ts';

it('start marks requests of start() and leaves items alone', async () => {
  const middleware = await made(start(), contextWith());
  const request = new Request('http://a.test/');
  const item = { title: 'x' };
  await middleware.processStart?.(request);
  await middleware.processStart?.(item);
  expect(request.meta.isStartRequest).toBe(true);
  expect(item).toEqual({ title: 'x' });
});
