import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { statIfThere } from '../../../src/values/stat-if-there.ts';

const folders: string[] = [];

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-stat-'));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('statIfThere', () => {
  it('finds files and folders, and nothing elsewhere', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'file');
    writeFileSync(file, 'abc');
    expect(statIfThere(folder)?.isDirectory()).toBe(true);
    expect(statIfThere(file)?.size).toBe(3);
    expect(statIfThere(join(folder, 'absent'))).toBeUndefined();
    expect(statIfThere(join(file, 'below'))).toBeUndefined();
  });

  it('throws what else is refused', () => {
    const loop = join(temporaryFolder(), 'loop');
    symlinkSync(loop, loop);
    expect(() => statIfThere(loop)).toThrow(expect.objectContaining({ code: 'ELOOP' }));
  });
});
