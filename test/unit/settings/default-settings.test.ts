import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/settings/default-settings.ts';

const fileOf = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const documented = [
  ...fileOf('src/settings/settings.ts').matchAll(/@defaultValue `(.*?)`.*\n\s*readonly (\w+):/g),
];

describe('DEFAULT_SETTINGS', () => {
  it('names the version of the package in the user agent', () => {
    const { version } = JSON.parse(fileOf('package.json')) as { version: string };
    expect(DEFAULT_SETTINGS.userAgent).toMatch(
      new RegExp(`^Orbweaver/${version.replaceAll('.', '\\.')} \\(\\+https://`),
    );
  });

  it.each(
    documented
      .map(([, text = '', name = '']) => [name, text] as const)
      .filter(([name]) => name !== 'userAgent'),
  )('has the documented value of %s, %s', (name, text) => {
    const value: unknown = Reflect.get(DEFAULT_SETTINGS, name);
    expect(text === 'undefined' ? undefined : JSON.parse(text.replaceAll("'", '"'))).toEqual(value);
  });

  it('is documented setting by setting', () => {
    expect(documented.length).toBeGreaterThan(55);
  });

  it('is frozen to the last member', () => {
    const open = Object.entries(DEFAULT_SETTINGS).filter(([, value]) => !Object.isFrozen(value));
    expect(open).toEqual([]);
    expect(Object.isFrozen(DEFAULT_SETTINGS)).toBe(true);
  });
});
