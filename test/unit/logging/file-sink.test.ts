import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileSink } from '../../../src/logging/file-sink.ts';

describe('fileSink', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-log-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('appends to what is there', () => {
    const path = join(folder, 'old.log');
    writeFileSync(path, 'before\n');
    const sink = fileSink(path);
    sink.write('after\n');
    expect(readFileSync(path, 'utf8')).toBe('before\nafter\n');
    sink.close?.();
  });

  it('takes the place of what is there with its first line, if asked to', () => {
    const path = join(folder, 'again.log');
    writeFileSync(path, 'before\n');
    const sink = fileSink(path, false);
    expect(readFileSync(path, 'utf8')).toBe('before\n');
    sink.write('one\n');
    sink.write('two\n');
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
    sink.close?.();
  });

  it.skipIf(process.platform === 'win32')('makes a file that only the owner reads', () => {
    const path = join(folder, 'own.log');
    fileSink(path).close?.();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('loses lines that come after the end', () => {
    const path = join(folder, 'closed.log');
    const sink = fileSink(path);
    sink.close?.();
    sink.write('late\n');
    sink.close?.();
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  it('says what to do when the file cannot be opened', () => {
    expect(() => fileSink(join(folder, 'no/such/folder.log'))).toThrow(
      /logFile: cannot write to .*folder\.log \(ENOENT\); name a file in a folder that exists/,
    );
  });
});
