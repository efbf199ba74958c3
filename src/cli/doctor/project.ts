import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import type { PartialSettings } from '../../api.ts';
import { checkSpider } from '../../crawler/check-spider.ts';
import { makeSpider } from '../../crawler/make-spider.ts';
import { resolveSettings } from '../../settings/resolve-settings.ts';
import { nearestThere } from '../../values/nearest-there.ts';
import { describeFault } from '../answer-fault.ts';
import { isCommand } from '../command-names.ts';
import type { Workspace } from '../workspace.ts';
import { type Finding, fail, note, ok, warn } from './finding.ts';

/** Configuration, spiders, TypeScript and places for outputs. */
export async function projectFindings(workspace: Workspace): Promise<Finding[]> {
  const { project, cwd } = workspace;
  if (project === undefined) {
    return [
      note('no project here: crawl init makes one, crawl ./spider.ts needs none'),
      placeFinding(cwd, cwd, 'this folder'),
    ];
  }
  const { findings, settings } = await configFindings(workspace);
  return [
    ...findings,
    ...(await spiderFindings(workspace)),
    ...typeScriptFindings(project.root),
    placeFinding(cwd, cwd, 'this folder'),
    ...placesOf(settings).map(([name, path]) => placeFinding(cwd, resolve(cwd, path), name)),
  ];
}

async function configFindings(
  workspace: Workspace,
): Promise<{ readonly findings: Finding[]; readonly settings: PartialSettings }> {
  const file = workspace.project?.configFile;
  if (file === undefined)
    return { findings: [ok('no orbweaver.config.ts: every setting has its default')], settings: {} };
  const name = basename(file);
  try {
    const { settings = {}, source = name } = (await workspace.config()) ?? {};
    resolveSettings([{ source, settings }]);
    const findings = [ok(`${name}: ${Object.keys(settings).length} settings`)];
    if (!/\b(?:PartialSettings|ProjectConfig)\b/.test(readFileSync(file, 'utf8'))) {
      findings.push(
        warn(
          `${name} is not typed: misspelt settings show only when a crawl begins`,
          'Write: export default { … } satisfies PartialSettings',
        ),
      );
    }
    return { findings, settings };
  } catch (fault) {
    return { findings: [faulty(workspace.cwd, fault, 'crawl settings names them all.')], settings: {} };
  }
}

async function spiderFindings(workspace: Workspace): Promise<Finding[]> {
  let files: Awaited<ReturnType<Workspace['spiderFiles']>>;
  try {
    files = await workspace.spiderFiles();
  } catch (fault) {
    return [faulty(workspace.cwd, fault, 'Put the folder right.')];
  }
  if (files.length === 0) return [warn('the project has no spiders', 'crawl new spider books')];
  const findings: Finding[] = [];
  let sound = 0;
  for (const file of files) {
    if (isCommand(file.name)) {
      findings.push(fail(`${shown(workspace, file.path)} bears the name of a command`, 'Rename the file.'));
      continue;
    }
    try {
      for (const { name, spider } of await workspace.load(file)) {
        resolveSettings([{ source: `spider ${name}`, settings: spider.settings ?? {} }]);
        checkSpider(makeSpider(spider, name), name);
        sound += 1;
      }
    } catch (fault) {
      findings.push(faulty(workspace.cwd, fault, `Put ${shown(workspace, file.path)} right.`));
    }
  }
  return [ok(`${sound} spider${sound === 1 ? '' : 's'} can be loaded`), ...findings];
}

function typeScriptFindings(root: string): Finding[] {
  if (existsSync(join(root, 'tsconfig.json'))) return [ok('tsconfig.json is there')];
  return [
    warn(
      'there is no tsconfig.json, so editors check spiders loosely',
      'crawl init writes one; files that are there stay.',
    ),
  ];
}

/** Settings that name a file or folder which crawls write to. */
const PLACES = [
  'jobDir',
  'httpCacheDir',
  'incrementalDir',
  'errorPagesDir',
  'controlFile',
  'logFile',
  'warcFile',
] as const;

/** Where the configuration has crawls write to; addresses and templates are left to the crawl. */
function placesOf(settings: PartialSettings): [string, string][] {
  const outputs = Object.keys(settings.feeds ?? {}).map((path): [string, string | undefined] => [
    `output ${path}`,
    path,
  ]);
  const named = PLACES.map((name): [string, string | undefined] => [name, settings[name]]);
  return [...outputs, ...named].filter(
    (place): place is [string, string] =>
      place[1] !== undefined && !/^[a-z][a-z0-9+.-]+:|^-|%\(/i.test(place[1]),
  );
}

/** The lowest folder of the path that is there must be one that can be written to. */
function placeFinding(cwd: string, path: string, name: string): Finding {
  const above = nearestThere(path);
  const where = relative(cwd, above) || '.';
  try {
    accessSync(above, constants.W_OK);
  } catch {
    return fail(
      `${name} cannot be written: no permission in ${where}`,
      'Choose another place, or change its owner.',
    );
  }
  if (above !== path && !statSync(above).isDirectory()) {
    return fail(`${name} cannot be written: ${where} is a file`, 'Choose another place.');
  }
  return ok(`${name} can be written`);
}

function faulty(cwd: string, fault: unknown, advice: string): Finding {
  const { problem, hint } = describeFault(fault);
  return fail(problem.replaceAll(`${cwd}/`, ''), hint ?? advice);
}

function shown({ cwd }: Workspace, path: string): string {
  return relative(cwd, path);
}
