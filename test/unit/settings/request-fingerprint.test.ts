import { describe, expect, it } from 'vitest';
import { InvalidRequestError } from '../../../src/errors/invalid-request-error.ts';
import { DEFAULT_SETTINGS } from '../../../src/settings/default-settings.ts';
import { requestFingerprint } from '../../../src/settings/request-fingerprint.ts';
import { fingerprint } from '../../../src/values/fingerprint.ts';
import { Request } from '../../../src/values/request.ts';

const page = new Request('https://a.test/p?id=1&session=2');

describe('requestFingerprint', () => {
  it('is the built-in identity unless settings say otherwise', () => {
    expect(requestFingerprint(DEFAULT_SETTINGS)(page)).toBe(fingerprint(page));
    const unsure = requestFingerprint({ ...DEFAULT_SETTINGS, fingerprint: () => undefined });
    expect(unsure(page)).toBe(fingerprint(page));
  });

  it('makes fingerprints of the usual form from any text', () => {
    const fingerprintOf = requestFingerprint({
      ...DEFAULT_SETTINGS,
      fingerprint: ({ url }) => url.replace(/&session=\d+/, ''),
    });
    expect(fingerprintOf(page)).toMatch(/^[\w-]{22}$/);
    expect(fingerprintOf(page)).toBe(fingerprintOf(page.replace({ url: 'https://a.test/p?id=1&session=3' })));
    expect(fingerprintOf(page)).not.toBe(fingerprintOf(page.replace({ url: 'https://a.test/p?id=2' })));
  });

  it.each([null, 7, new Uint8Array(2)])('refuses %s', (wrong) => {
    const fingerprintOf = requestFingerprint({ ...DEFAULT_SETTINGS, fingerprint: () => wrong as never });
    expect(() => fingerprintOf(page)).toThrow(InvalidRequestError);
  });
});
