import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { transpileCache, userCache } from '../../../src/crawler/user-cache.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'orbweaver-cache-'));
  vi.stubEnv('XDG_CACHE_HOME', join(root, 'cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

const hasUsers = process.getuid !== undefined;

describe('userCache', () => {
  it.runIf(hasUsers)("makes a folder of the user's own, closed to everybody else", () => {
    const path = userCache('history');
    expect(path).toBe(join(root, 'cache/orbweaver/history'));
    expect(statSync(path ?? '').mode & 0o777).toBe(0o700);
  });

  it.runIf(hasUsers)('takes no folder that others may write', () => {
    const path = join(root, 'cache/orbweaver/history');
    mkdirSync(path, { recursive: true });
    chmodSync(path, 0o777);
    expect(userCache('history')).toBeUndefined();
  });

  it.skipIf(process.platform !== 'linux')('is nowhere where nothing can be made', () => {
    vi.stubEnv('XDG_CACHE_HOME', '/proc/nowhere');
    expect(userCache('history')).toBeUndefined();
  });
});

describe('transpileCache', () => {
  it("lies in the project's node_modules", () => {
    mkdirSync(join(root, 'node_modules'));
    expect(transpileCache(root)).toBe(join(root, 'node_modules/.cache/orbweaver'));
  });

  it("lies in the user's cache where there are none", () => {
    expect(transpileCache(root)).toBe(join(root, 'cache/orbweaver/transpiled'));
    expect(transpileCache(undefined)).toBe(join(root, 'cache/orbweaver/transpiled'));
  });
});
