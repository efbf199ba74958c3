import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_SETTINGS } from '../settings/default-settings.ts';
import type { Settings } from '../settings/settings.ts';

/** Format of a job's records; a later release reads every earlier one. */
export const JOB_FORMAT = 1;

/** What makes a job the same job. Secrets are kept as hashes only. */
export interface JobIdentity {
  readonly format: number;
  /** Release that made it. */
  readonly release: string;
  readonly spider: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Settings that are not the default ones, as far as they are plain data. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** When it was made, wall clock. */
  readonly createdAtMs: number;
}

/** What a job is made with. */
export interface JobSubject {
  readonly release: string;
  readonly spider: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Names of arguments that are secret. */
  readonly secretArgs: ReadonlySet<string>;
  readonly settings: Settings;
}

/** Settings that say how a run is watched and kept, not what is crawled. */
const OF_A_RUN: ReadonlySet<string> = new Set([
  // What they bring is there by itself.
  'addons',
  'jobDir',
  'feeds',
  'memoryLimitBytes',
  'memoryWarnBytes',
  'failOn',
  'errorPagesDir',
  'controlFile',
  'feedExporters',
  'feedStorages',
  's3',
  'logLevel',
  'logFormat',
  'logFormatter',
  'dropLogLevel',
  'logFile',
  'logFileAppend',
  'logStatsIntervalMs',
  'logStatsKeys',
  'statsDump',
  'createStats',
]);
const SECRET_SETTINGS: ReadonlySet<string> = new Set([
  'httpAuth',
  'proxy',
  'sessions',
  'defaultHeaders',
  's3',
]);

/** The identity of a job for a subject. */
export function identityOf(
  { release, spider, args, secretArgs, settings }: JobSubject,
  createdAtMs: number,
): JobIdentity {
  const given = Object.entries(settings).filter(
    ([name, value]) =>
      !OF_A_RUN.has(name) &&
      isPlain(value) &&
      !isDeepStrictEqual(value, DEFAULT_SETTINGS[name as keyof Settings]),
  );
  return {
    format: JOB_FORMAT,
    release,
    spider,
    args: hidden(Object.entries(args), secretArgs),
    settings: hidden(given, SECRET_SETTINGS),
    createdAtMs,
  };
}

/** Why a job is not that of a subject; nothing: it is. */
export function differencesOf(job: JobIdentity, now: JobIdentity): string[] {
  const differences: string[] = [];
  if (job.spider !== now.spider) differences.push(`it is of spider ${job.spider}, not ${now.spider}`);
  for (const change of changesOf(job.args, now.args)) differences.push(`argument ${change}`);
  for (const change of changesOf(identifying(job.settings), identifying(now.settings)))
    differences.push(`setting ${change}: known pages would be taken for new ones`);
  return differences;
}

/** Settings that say which requests are the same. */
function identifying(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { fingerprintHeaders, fingerprintFragments } = settings;
  return { fingerprintHeaders, fingerprintFragments };
}

/** How the settings of a job have changed. */
export function changedSettings(job: JobIdentity, now: JobIdentity): string[] {
  return changesOf(job.settings, now.settings);
}

function changesOf(
  before: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]))
    .map((name) => `${name}: ${shown(name, before[name])} before, ${shown(name, now[name])} now`);
}

/** A secret may stand in an old job as it was given. */
function shown(name: string, value: unknown): string {
  if (value === undefined) return 'not given';
  const isSecret = SECRET_SETTINGS.has(name) || (typeof value === 'string' && value.startsWith(HASH));
  return isSecret ? 'a secret' : JSON.stringify(value);
}

const HASH = 'sha256:';

function hidden(
  entries: readonly (readonly [string, unknown])[],
  secrets: ReadonlySet<string>,
): Record<string, unknown> {
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      secrets.has(name) && value !== undefined
        ? HASH + createHash('sha256').update(JSON.stringify(value)).digest('base64url')
        : value,
    ]),
  );
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false;
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isPlain);
}
