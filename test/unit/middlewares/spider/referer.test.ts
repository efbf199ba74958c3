import { describe, expect, it } from 'vitest';
import { referer } from '../../../../middlewares/index.ts';
import { Request } from '../../../../src/values/request.ts';
import { Response } from '../../../../src/values/response.ts';
import { contextWith, made, unitFor } from '../component-context.ts';

describe('referer', () => {
  it('stays out when no Referer is to be sent', () => {
    expect(referer()(contextWith({ referer: false }))).toBeUndefined();
  });

  it('leaves items and a Referer of the request alone', async () => {
    const middleware = await made(referer(), contextWith());
    const unit = unitFor('http://a.test/');
    unit.response = new Response('http://a.test/');
    const own = new Request('http://a.test/b', { headers: { Referer: 'http://own.test/' } });
    const item = { title: 'x' };
    expect(await middleware.processOutput?.(own, unit)).toBeUndefined();
    expect(await middleware.processOutput?.(item, unit)).toBeUndefined();
    expect(own.headers.get('referer')).toBe('http://own.test/');
    expect(item).toEqual({ title: 'x' });
  });

  it('sends none where the request forbids it', async () => {
    const middleware = await made(referer(), contextWith());
    const unit = unitFor('http://a.test/');
    unit.response = new Response('http://a.test/');
    const request = new Request('http://a.test/b', { headers: { Referer: null } });
    await middleware.processOutput?.(request, unit);
    expect([...request.headers]).toEqual([]);
  });
});
