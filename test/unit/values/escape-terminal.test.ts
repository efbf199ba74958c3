import { describe, expect, it } from 'vitest';
import { escapeJsonText, escapeTerminal } from '../../../src/values/escape-terminal.ts';

describe('escapeTerminal', () => {
  it.each([
    ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
    ['a\r\n\tb', 'a\\r\\n\\tb'],
    ['\u202eabc', '\\u202eabc'],
    ['\u2028', '\\u2028'],
    ['\ud800', '\\ud800'],
    ['\u{e0001}', '\\u{e0001}'],
  ])('spells out %j', (given, wanted) => {
    expect(escapeTerminal(given)).toBe(wanted);
  });

  it('leaves letters of any script and emoji as they are', () => {
    const text = 'Zürich 東京 العربية 😀 naïve';
    expect(escapeTerminal(text)).toBe(text);
  });
});

describe('escapeJsonText', () => {
  it('keeps what the JSON means', () => {
    const value = 'a\u202eb\u0085\u{e0001}\u2028';
    const line = escapeJsonText(JSON.stringify(value));
    expect(line).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(line)).toBe(value);
  });
});
