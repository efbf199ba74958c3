import { lstatSync, type Stats, statSync } from 'node:fs';
import { SettingsError } from '../errors/settings-error.ts';

/** Names a project folder that may belong to somebody else, for bind mounts and shared machines. */
const TRUST_VARIABLE = 'ORBWEAVER_TRUST';

/** Who asks: the process's user and environment; injectable for tests. */
export interface Trustee {
  /** Undefined where the system has no users (Windows): everything is trusted there. */
  readonly uid: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const SELF: Trustee = { uid: process.getuid?.(), env: process.env };

/**
 * Refuses code and configuration that somebody else could have put in place: a file or folder that belongs to
 * another user, or a folder where anybody may write. The system's own user is trusted, it could change
 * everything anyway; so is the user who called sudo.
 *
 * @throws SettingsError that names the path, what is wrong with it and the way out.
 */
export function assertTrusted(path: string, { uid, env }: Trustee = SELF): void {
  if (uid === undefined || isExempt(path, env[TRUST_VARIABLE])) return;
  for (const found of [lstatSync(path), statSync(path)]) {
    const problem = problemOf(found, uid, env.SUDO_UID);
    if (problem === undefined) continue;
    throw new SettingsError(
      `${path} ${problem}, so its code is not run: change that, or set ${TRUST_VARIABLE} to the folder's path`,
    );
  }
}

function problemOf(found: Stats, uid: number, sudoUid: string | undefined): string | undefined {
  const owners = new Set([0, uid, ...(uid === 0 && sudoUid !== undefined ? [Number(sudoUid)] : [])]);
  if (!owners.has(found.uid)) return 'belongs to another user';
  if (!found.isSymbolicLink() && (found.mode & 0o002) !== 0) return 'may be written by everybody';
  return undefined;
}

function isExempt(path: string, trusted: string | undefined): boolean {
  if (trusted === undefined || trusted === '') return false;
  const folder = trusted.endsWith('/') ? trusted : `${trusted}/`;
  return path === trusted || path.startsWith(folder);
}
