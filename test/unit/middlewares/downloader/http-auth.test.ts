import { describe, expect, it } from 'vitest';
import { httpAuth } from '../../../../middlewares/index.ts';
import { SettingsError } from '../../../../src/errors/settings-error.ts';
import { Request, type RequestOptions } from '../../../../src/values/request.ts';
import { contextWith, made, unitFor } from '../component-context.ts';

const LOGIN = { user: 'u', password: 'p', origin: 'https://a.test' };

async function sent(
  url: string,
  options: RequestOptions = {},
  login?: typeof LOGIN,
): Promise<string | undefined> {
  const middleware = await made(httpAuth(login), contextWith());
  const unit = unitFor(url, options);
  await middleware.processRequest?.(unit.request, unit);
  return unit.headers.get('authorization');
}

describe('httpAuth', () => {
  it('sends the login to its origin alone', async () => {
    expect(await sent('https://a.test/x', {}, LOGIN)).toBe('Basic dTpw');
    for (const url of ['http://a.test/', 'https://a.test:444/', 'https://www.a.test/', 'https://b.test/']) {
      expect(await sent(url, {}, LOGIN)).toBeUndefined();
    }
  });

  it('prefers the login of the request', async () => {
    expect(await sent('https://a.test/', { meta: { httpUser: 'x', httpPass: 'y' } }, LOGIN)).toBe(
      'Basic eDp5',
    );
  });

  it('sends the login of a request to its origin alone, however its meta came to others', async () => {
    const { meta } = new Request('https://a.test/', { meta: { httpUser: 'x', httpPass: 'y' } });
    expect(await sent('https://a.test/other', { meta })).toBe('Basic eDp5');
    for (const url of ['http://a.test/', 'https://a.test:444/', 'https://b.test/']) {
      expect(await sent(url, { meta })).toBeUndefined();
      expect(
        await sent(new Request('https://a.test/', { meta }).replace({ url }).url, { meta }),
      ).toBeUndefined();
    }
    expect(await sent('https://b.test/', { meta: { ...meta, httpAuthOrigin: 'https://b.test' } })).toBe(
      'Basic eDp5',
    );
  });

  it('takes a login that a component sets later as one for the URL of the request', async () => {
    const middleware = await made(httpAuth(), contextWith());
    const unit = unitFor('https://a.test/');
    unit.request.meta.httpUser = 'x';
    await middleware.processRequest?.(unit.request, unit);
    expect(unit.headers.get('authorization')).toBe('Basic eDo=');
  });

  it('sends the login that a URL has', async () => {
    expect(await sent('https://me:p%40ss@b.test/x?a=@', {}, LOGIN)).toBe('Basic bWU6cEBzcw==');
    expect(await sent('https://b.test/x@y', {}, LOGIN)).toBeUndefined();
  });

  it('leaves an Authorization header of the request alone', async () => {
    expect(await sent('https://a.test/', { headers: { Authorization: 'Bearer z' } }, LOGIN)).toBe('Bearer z');
  });

  it.each(['a.test', '*', 'ftp://a.test', ''])('refuses %s as an origin', (origin) => {
    expect(() => httpAuth({ ...LOGIN, origin })(contextWith())).toThrow(SettingsError);
  });
});
