import { describe, expect, it } from 'vitest';
import { parseReferrerPolicy, refererFor } from '../../../middlewares/index.ts';
import { settingsReferrerPolicy } from '../../../middlewares/referrer-policy.ts';
import { SettingsError } from '../../../src/errors/settings-error.ts';

describe('parseReferrerPolicy', () => {
  it('takes the last name it knows', () => {
    expect(parseReferrerPolicy('no-referrer, ORIGIN , made-up')).toBe('origin');
  });

  it.each(['', 'made-up', 'constructor', './evil.js', undefined])('knows no policy in %s', (list) => {
    expect(parseReferrerPolicy(list)).toBeUndefined();
  });
});

describe('settingsReferrerPolicy', () => {
  it('refuses a name that nobody knows', () => {
    expect(() => settingsReferrerPolicy('made-up')).toThrow(SettingsError);
  });
});

describe('refererFor', () => {
  it('never tells user, password or fragment', () => {
    expect(refererFor('http://u:p@a.test/x#f', 'http://a.test/', 'unsafe-url')).toBe('http://a.test/x');
  });

  it('tells only the origin of an address above 4096 characters', () => {
    expect(refererFor(`http://a.test/${'x'.repeat(5000)}`, 'http://a.test/', 'unsafe-url')).toBe(
      'http://a.test/',
    );
  });
});
