import { describe, expect, it } from 'vitest';
import { isSecretName, maskSecrets } from '../../../src/logging/mask-secrets.ts';

describe('isSecretName', () => {
  it.each([
    'password',
    'dbPassword',
    'API_KEY',
    'apiKey',
    'X-Auth-Token',
    'cookie',
    'Set-Cookie',
    'Authorization',
  ])('knows %s', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each(['key', 'keyword', 'monkey', 'tokenize', 'author', 'cookieless', 'secretary', 'page'])(
    'takes %s for no secret',
    (name) => {
      expect(isSecretName(name)).toBe(false);
    },
  );
});

describe('maskSecrets', () => {
  it.each([
    ['http://me:pw@a.test/x', 'http://***@a.test/x'],
    ['http://me:p@w@a.test/', 'http://***@a.test/'],
    ['Authorization: Basic bWU6cHc=', 'Authorization: ***'],
    ['{"cookie":"sid=1; b=2","page":1}', '{"cookie":"***","page":1}'],
    ['/?token=abc&page=2', '/?token=***&page=2'],
    ['password="a b c" rest', 'password="***" rest'],
    [`{"apiKey": 'x\\'y', "z": 1}`, `{"apiKey": '***', "z": 1}`],
    ['Set-Cookie: a=1\nnext: line', 'Set-Cookie: ***\nnext: line'],
  ])('%s becomes %s', (given, wanted) => {
    expect(maskSecrets(given)).toBe(wanted);
  });

  it.each(['see me@a.test', 'page=2&sort=key', 'http://a.test/@user', 'the cookie was stale'])(
    'leaves %s as it is',
    (text) => {
      expect(maskSecrets(text)).toBe(text);
    },
  );

  it.each([':', '://', 'a=', 'cookie', '"a":"', 'token="\\', 'a.'])(
    'takes time in step with the length of a text that repeats %j',
    (piece) => {
      const long = piece.repeat(Math.ceil(100_000 / piece.length));
      const began = performance.now();
      maskSecrets(long);
      expect(performance.now() - began).toBeLessThan(2000);
    },
  );
});
