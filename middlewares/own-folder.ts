import { readdirSync } from 'node:fs';
import { errorMessage, SettingsError } from '../src/api.ts';

/** A folder that a setting names. */
export interface OwnFolder {
  readonly setting: string;
  readonly folder: string;
  /** What lies in such a folder once it is in use. */
  readonly mark: string;
  /** What it is for. */
  readonly purpose: string;
}

/**
 * Makes sure that a folder is new, empty or in use for its purpose, before anything is written or begun.
 *
 * @throws SettingsError where it is a file or holds something else.
 */
export function checkOwnFolder({ setting, folder, mark, purpose }: OwnFolder): void {
  const names = namesIn(setting, folder);
  const [first] = names;
  if (first === undefined || names.includes(mark)) return;
  throw new SettingsError(
    `${setting} ${folder} holds something else (${first}), no ${purpose}: name a new or an empty folder`,
  );
}

function namesIn(setting: string, folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    const problem =
      code === 'ENOTDIR' ? 'is a file, not a folder' : `cannot be read (${errorMessage(error)})`;
    throw new SettingsError(`${setting} ${folder} ${problem}`, { cause: error });
  }
}
