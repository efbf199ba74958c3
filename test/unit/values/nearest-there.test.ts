import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nearestThere } from '../../../src/values/nearest-there.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orbweaver-nearest-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('nearestThere', () => {
  it('goes up to what is there, be it a folder or a file', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(nearestThere(folder)).toBe(folder);
    expect(nearestThere(join(folder, 'a', 'b'))).toBe(folder);
    expect(nearestThere(join(file, 'a', 'b'))).toBe(file);
    expect(nearestThere('/nowhere-at-all/x')).toBe('/');
  });
});
