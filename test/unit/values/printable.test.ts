import { expect, it } from 'vitest';
import { printable } from '../../../src/values/printable.ts';

it('spells out what a screen would obey', () => {
  expect(printable('\u001b]0;x\u0007 \u009b31m \u007f \u202etxt.exe')).toBe(
    '\\x1b]0;x\\x07 \\x9b31m \\x7f \\u202etxt.exe',
  );
});

it('leaves lines and tabs as they are, but for a line that writes over itself', () => {
  expect(printable('a\tb\r\nc\n')).toBe('a\tb\r\nc\n');
  expect(printable('price 10\rprice 99')).toBe('price 10\\rprice 99');
});
