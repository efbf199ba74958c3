import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { hasCode } from './has-code.ts';

/** What is known of a file; undefined: there is none. */
export async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
