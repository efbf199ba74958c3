import { describe, expect, it } from 'vitest';
import { safePath } from '../../../../pipelines/media/safe-path.ts';

describe('safePath', () => {
  it.each([
    ['full/a.jpg', 'full/a.jpg'],
    ['../../etc/passwd', 'etc/passwd'],
    ['/etc/passwd', 'etc/passwd'],
    ['C:\\temp\\..\\x.pdf', 'C-/temp/x.pdf'],
    ['a/./b//c.txt', 'a/b/c.txt'],
    ['..', '_'],
    ['', '_'],
    ['.0123456789abcdef.part', '_0123456789abcdef.part'],
    ['a\0b/con.png', 'a-b/_con.png'],
    ['.../x', '_/x'],
  ])('makes %j stay where it is put', (given, path) => {
    expect(safePath(given)).toBe(path);
  });

  it('keeps the extension of too long a name', () => {
    const path = safePath(`${'x'.repeat(500)}.pdf`);
    expect(path).toMatch(/^x{20}-[0-9a-f]{16}\.pdf$/);
    expect(safePath(path)).toBe(path);
  });
});
