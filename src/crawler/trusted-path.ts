import { lstatSync, type Stats, statSync } from 'node:fs';
import { sep } from 'node:path';
import { SettingsError } from '../errors/settings-error.ts';
import { packageRoot } from '../values/package-root.ts';

/** Names a project folder that may belong to somebody else, for bind mounts and shared machines. */
const TRUST_VARIABLE = 'ORBWEAVER_TRUST';

/** Who asks; injectable for tests. */
export interface Trustee {
  /** Undefined where the system has no users (Windows): everything is trusted there. */
  readonly uid: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the running framework lies. */
  readonly framework: string;
}

/**
 * Refuses code and configuration that somebody else could have put in place: a file or folder that belongs to
 * another user, or a folder where anybody may write. The system's own user is trusted, it could change
 * everything anyway; so is the user who called sudo, and a project that the running framework itself lies in.
 *
 * @throws SettingsError that names the path, what is wrong with it and the way out.
 */
export function assertTrusted(path: string, projectRoot: string, trustee: Trustee = self()): void {
  const { uid, env, framework } = trustee;
  const named = env[TRUST_VARIABLE];
  if (uid === undefined || isWithin(framework, projectRoot)) return;
  if (named !== undefined && named !== '' && isWithin(path, named)) return;
  for (const found of [lstatSync(path), statSync(path)]) {
    const problem = problemOf(found, uid, env.SUDO_UID);
    if (problem === undefined) continue;
    throw new SettingsError(
      `${path} ${problem}, so its code is not run: change that, or set ${TRUST_VARIABLE}=${projectRoot}`,
    );
  }
}

function self(): Trustee {
  return { uid: process.getuid?.(), env: process.env, framework: packageRoot() };
}

function problemOf(found: Stats, uid: number, sudoUid: string | undefined): string | undefined {
  const owners = new Set([0, uid, ...(uid === 0 && sudoUid !== undefined ? [Number(sudoUid)] : [])]);
  if (!owners.has(found.uid)) return 'belongs to another user';
  if (!found.isSymbolicLink() && (found.mode & 0o002) !== 0) return 'may be written by everybody';
  return undefined;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
