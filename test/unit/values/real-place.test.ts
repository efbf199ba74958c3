import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { realPlace } from '../../../src/values/real-place.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'orbweaver-place-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]): string => join(folder, ...names);

describe('realPlace', () => {
  it('follows links, also to what is not there yet', () => {
    mkdirSync(at('out'));
    symlinkSync('out', at('linked'));
    symlinkSync('out/new.jsonl', at('new'));
    expect(realPlace(at('linked', 'a', 'b.jsonl'))).toBe(at('out', 'a', 'b.jsonl'));
    expect(realPlace(at('new'))).toBe(at('out', 'new.jsonl'));
  });

  it('comes to an end where links lead to each other', () => {
    symlinkSync('two', at('one'));
    symlinkSync('one', at('two'));
    expect([at('one'), at('two')]).toContain(realPlace(at('one')));
  });
});
