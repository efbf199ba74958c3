import { describe, expect, it } from 'vitest';
import { logText, logValue } from '../../../src/logging/log-value.ts';
import { SecretMask } from '../../../src/logging/secret-mask.ts';

const plain = (value: unknown): unknown => logValue(value, new SecretMask());

describe('logValue', () => {
  it.each([
    [1.5, 1.5],
    [Number.NaN, 'NaN'],
    [10n, '10'],
    [null, null],
    [undefined, undefined],
    [new Uint8Array(3), '[3 bytes]'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Map([['a', 1]]), { a: 1 }],
    [new Set([1, 2]), [1, 2]],
  ])('makes plain data of %o', (value, wanted) => {
    expect(plain(value)).toEqual(wanted);
  });

  it('masks members that are named like secrets, but shows flags', () => {
    expect(plain({ apiKey: 'hunter2', cookies: true, nested: { password: 1 } })).toEqual({
      apiKey: '***',
      cookies: true,
      nested: { password: '***' },
    });
  });

  it('tells name, message and cause of an error', () => {
    const error = new TypeError('bad', { cause: new Error('worse') });
    expect(plain(error)).toMatchObject({ name: 'TypeError', message: 'bad', cause: { message: 'worse' } });
  });

  it('ends in a cycle, in depth and in width', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const wide = Array.from({ length: 300 }, () => Array.from({ length: 300 }, () => ({ a: { b: [1] } })));
    expect(JSON.stringify(plain(cycle)).length).toBeLessThan(200);
    expect(JSON.stringify(plain(wide)).length).toBeLessThan(20_000);
  });

  it('keeps keys from the web away from prototypes', () => {
    const value = plain(JSON.parse('{"__proto__":{"polluted":1}}')) as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
  });
});

describe('logText', () => {
  it('cuts long texts and tells their length', () => {
    const shown = logText('x'.repeat(100_000), new SecretMask());
    expect(shown).toMatch(/^x{8192}… \(100000 characters\)$/);
  });

  it('shows no half of a secret where it cuts', () => {
    const mask = new SecretMask();
    mask.add(['hunter2000']);
    expect(logText(`${'x'.repeat(8188)}hunter2000 ${'y'.repeat(20_000)}`, mask)).not.toContain('hunt');
  });
});
