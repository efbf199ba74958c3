import { afterEach, expect, it, vi } from 'vitest';
import { sqliteDriver } from '../../../../pipelines/database/sqlite-driver.ts';

vi.mock('../../../../pipelines/database/optional-package.ts', () => ({
  optionalPackage: (_component: string, name: string, hint: string) => {
    throw new Error(`${name} is missing${hint}`);
  },
}));
afterEach(() => {
  vi.restoreAllMocks();
});

it('names the first Node that has SQLite without a flag where there is none', () => {
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
  expect(() => sqliteDriver()).toThrow('better-sqlite3 is missing (or run on Node 22.13 or newer');
});
