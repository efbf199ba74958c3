import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkOutputs } from '../../../src/crawler/check-outputs.ts';
import { SettingsError } from '../../../src/errors/settings-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'orbweaver-check-outputs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const check = (...uris: string[]) => checkOutputs(uris.map((uri) => ({ uri })));

describe('checkOutputs', () => {
  it('refuses two outputs to one file, also through a link and before it is there', () => {
    mkdirSync(join(folder, 'out'));
    symlinkSync('out', join(folder, 'linked'));
    const file = join(folder, 'out', 'a.jsonl');
    expect(() => check(file, file)).toThrow(SettingsError);
    expect(() => check(file, join(folder, 'linked', 'a.jsonl'))).toThrow(
      /is named twice as an output \(also/,
    );
    expect(() => check('-', 'stdout:')).toThrow('named twice');
  });

  it('takes the same name at two places, and what storages name as they like', () => {
    expect(() => check(join(folder, 'a.jsonl'), join(folder, 'out', 'a.jsonl'), 'mem', 'mem')).not.toThrow();
  });
});
