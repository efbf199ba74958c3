import { expect, it } from 'vitest';
import { noFileLinks } from '../../../../middlewares/index.ts';
import { Request } from '../../../../src/values/request.ts';
import { contextWith, made, unitFor } from '../component-context.ts';

it('noFileLinks drops files that a page of the web leads to, whoever asks for them', async () => {
  const middleware = await made(noFileLinks(), contextWith());
  const file = new Request('file:///etc/passwd');
  const web = unitFor('http://a.test/');
  for (const source of ['callback', 'fetch', 'redirect'] as const) {
    expect(await middleware.processEnqueue?.(file, web, source)).toMatchObject({ reason: 'file-link' });
  }
  expect(await middleware.processEnqueue?.(file, undefined, 'start')).toBeUndefined();
  expect(await middleware.processEnqueue?.(file, unitFor('file:///a.html'), 'callback')).toBeUndefined();
});
