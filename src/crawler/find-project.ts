import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { assertTrusted } from './trusted-path.ts';

/** A folder with spiders. */
export interface Project {
  readonly root: string;
  /** `orbweaver.config.ts`, `.mts`, `.js` or `.mjs` in the root. */
  readonly configFile: string | undefined;
}

/** Where a project's spiders lie unless its configuration says otherwise. */
export const DEFAULT_SPIDERS_FOLDER = 'spiders';

const CONFIG_FILES = ['ts', 'mts', 'js', 'mjs'].map((extension) => `orbweaver.config.${extension}`);

/**
 * The project that a folder belongs to. The search goes upwards and ends with the first folder that has a
 * package.json; it enters neither the home folder nor another file system.
 *
 * @throws SettingsError when the project could have been planted by somebody else.
 */
export function findProject(from: string, home: string = homedir()): Project | undefined {
  const start = resolve(from);
  for (const folder of ancestors(start, home)) {
    const configFile = CONFIG_FILES.map((name) => join(folder, name)).find(existsSync);
    const isPackage = existsSync(join(folder, 'package.json'));
    const hasSpiders = (isPackage || folder === start) && existsSync(join(folder, DEFAULT_SPIDERS_FOLDER));
    if (configFile !== undefined || hasSpiders) {
      assertTrusted(folder, folder);
      if (configFile !== undefined) assertTrusted(configFile, folder);
      return { root: folder, configFile };
    }
    if (isPackage) return undefined;
  }
  return undefined;
}

function* ancestors(start: string, home: string): Generator<string> {
  const { dev } = statSync(start);
  let folder = start;
  while (true) {
    yield folder;
    const parent = dirname(folder);
    if (parent === folder || folder === home || parent === home || statSync(parent).dev !== dev) return;
    folder = parent;
  }
}
