import { describe, expect, it } from 'vitest';
import { proxy } from '../../../../middlewares/index.ts';
import type { RequestMeta } from '../../../../src/values/request-meta.ts';
import { contextWith, made, unitFor } from '../component-context.ts';

interface Setup {
  readonly environment?: Record<string, string>;
  readonly settings?: { readonly proxy?: string; readonly proxyFromEnvironment?: boolean };
  readonly meta?: RequestMeta;
}

/** The proxy that a request goes by. */
async function chosen(url: string, { environment = {}, settings = {}, meta = {} }: Setup): Promise<unknown> {
  const middleware = await made(proxy({ environment }), contextWith(settings));
  const unit = unitFor(url, { meta });
  await middleware.processRequest?.(unit.request, unit);
  return unit.proxy;
}

const ENVIRONMENT = { HTTP_PROXY: 'http://plain.test:1', https_proxy: 'http://u:p@safe.test:2' };

describe('proxy', () => {
  it('chooses that of the environment by the scheme of the URL', async () => {
    expect(await chosen('http://a.test/', { environment: ENVIRONMENT })).toBe('http://plain.test:1');
    expect(await chosen('https://a.test/', { environment: ENVIRONMENT })).toBe('http://u:p@safe.test:2');
  });

  it('falls back to ALL_PROXY', async () => {
    const environment = { ALL_PROXY: 'socks5://all.test:3' };
    expect(await chosen('http://a.test/', { environment })).toBe('socks5://all.test:3');
  });

  it('uses the environment for http and https alone', async () => {
    expect(await chosen('data:,x', { environment: { ALL_PROXY: 'http://all.test' } })).toBeUndefined();
  });

  it('leaves the environment alone when told so', async () => {
    const settings = { proxyFromEnvironment: false };
    expect(await chosen('http://a.test/', { environment: ENVIRONMENT, settings })).toBeUndefined();
  });

  it('prefers the setting, and meta.proxy to both', async () => {
    const settings = { proxy: 'http://set.test:4' };
    expect(await chosen('http://a.test/', { environment: ENVIRONMENT, settings })).toBe('http://set.test:4');
    const meta = { proxy: 'http://meta.test:5' };
    expect(await chosen('http://a.test/', { environment: ENVIRONMENT, settings, meta })).toBe(
      'http://meta.test:5',
    );
  });

  it('goes directly where meta.proxy is null', async () => {
    const settings = { proxy: 'http://set.test:4' };
    expect(await chosen('http://a.test/', { settings, meta: { proxy: null } })).toBeUndefined();
  });

  it('takes no HTTP_PROXY in a CGI program, where strangers set it', async () => {
    const environment = { HTTP_PROXY: 'http://evil.test', REQUEST_METHOD: 'GET' };
    expect(await chosen('http://a.test/', { environment })).toBeUndefined();
  });

  it('takes Proxy-Authorization off the request', async () => {
    const middleware = await made(proxy({ environment: {} }), contextWith());
    const unit = unitFor('http://a.test/', { headers: { 'Proxy-Authorization': 'Basic x' } });
    await middleware.processRequest?.(unit.request, unit);
    expect(unit.headers.has('proxy-authorization')).toBe(false);
  });
});
