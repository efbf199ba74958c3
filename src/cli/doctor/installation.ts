import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Project } from '../../crawler/find-project.ts';
import { transpileCache } from '../../crawler/user-cache.ts';
import { packageRoot } from '../../values/package-root.ts';
import { versionIn } from '../commands/version.ts';
import { installCommand } from '../install-command.ts';
import { type Finding, note, ok, warn } from './finding.ts';

/** What optional packages are for. */
const PURPOSES: ReadonlyMap<string, string> = new Map([
  ['@aws-sdk/client-s3', 'outputs at s3:// addresses'],
  ['@aws-sdk/lib-storage', 'outputs at s3:// addresses'],
  ['better-sqlite3', 'tables of SQLite'],
  ['pg', 'tables of PostgreSQL'],
  ['sharp', 'thumbnails of images'],
]);

/** The package, its optional peers, and where compiled spiders are kept. */
export function installationFindings(project: Project | undefined): Finding[] {
  const root = packageRoot();
  const version = versionIn(root);
  return [
    ok(`orbweaver ${version}`),
    ...copyFindings(project, version),
    ...peerFindings(root, project),
    transpileCache(project?.root) === undefined
      ? warn(
          'compiled spiders cannot be kept, so each start compiles them',
          'Set XDG_CACHE_HOME to a folder of your own.',
        )
      : ok('compiled spiders are kept in a private cache'),
  ];
}

/** Another copy in the project is where the editor takes its types from. */
function copyFindings(project: Project | undefined, version: string | undefined): Finding[] {
  if (project === undefined) return [];
  const installed = versionIn(join(project.root, 'node_modules', 'orbweaver'));
  if (installed === version) return [];
  if (installed === undefined) {
    return [
      warn('the project does not have the package, so editors know no types', installCommand(packageRoot())),
    ];
  }
  return [
    warn(
      `the project has orbweaver ${installed}, this command is ${version}`,
      'Run it by npx crawl in the project.',
    ),
  ];
}

function peerFindings(root: string, project: Project | undefined): Finding[] {
  const { peerDependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly peerDependencies?: Readonly<Record<string, string>>;
  };
  const from = [root, ...(project === undefined ? [] : [project.root])];
  return Object.keys(peerDependencies).map((name) => {
    const purpose = PURPOSES.has(name) ? `: ${PURPOSES.get(name)}` : '';
    const isThere = from.some((folder) => canResolve(folder, name));
    return note(`${name} is ${isThere ? 'installed' : 'not installed (optional)'}${purpose}`);
  });
}

function canResolve(folder: string, name: string): boolean {
  try {
    createRequire(join(folder, 'package.json')).resolve(name);
    return true;
  } catch (error) {
    // A package without an entry for `require` is there all the same.
    return (error as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
  }
}
