import { resolve } from 'node:path';
import type { FeedOptions, PartialSettings } from '../api.ts';
import type { CrawlOptions } from '../crawler/crawler.ts';
import { settingsFromText } from '../crawler/settings-from-text.ts';
import { assignments } from './assignments.ts';
import { refuseScrapyLevel } from './scrapy-options.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import type { Workspace } from './workspace.ts';

/** Options that every command with settings has. */
export interface SharedOptions {
  readonly set?: readonly string[];
  readonly logLevel?: string;
  readonly logFile?: string;
  readonly jsonLogs?: true;
  readonly quiet?: true;
  readonly job?: string;
  readonly replay?: string;
  readonly incremental?: string;
  readonly seeds?: string;
  readonly failOn?: readonly string[];
}

/** What a command puts on top of the words of the command line. */
export interface LayerExtras {
  readonly feeds?: Readonly<Record<string, FeedOptions>>;
  /** Where exchanges are archived. */
  readonly archive?: PartialSettings;
  /** What the options of the command itself come to. */
  readonly own?: PartialSettings;
  /** Least level of log lines where none is given. */
  readonly logLevel?: string;
}

/** The settings of project and command line, as a crawler takes them. */
export type CrawlLayers = Required<Pick<CrawlOptions, 'layers'>> & Pick<CrawlOptions, 'project' | 'ignored'>;

/**
 * Reads the settings of project and command line.
 *
 * @throws UsageError, SettingsError on what cannot be read.
 */
export async function settingsLayers(
  terminal: Terminal,
  workspace: Workspace,
  options: SharedOptions,
  { feeds = {}, archive = {}, own = {}, logLevel }: LayerExtras = {},
): Promise<CrawlLayers> {
  const config = await workspace.config();
  const layers: { readonly source: string; readonly settings: PartialSettings }[] = [];
  const add = (source: string, settings: PartialSettings) => {
    if (Object.keys(settings).length > 0) layers.push({ source, settings });
  };
  if (options.logLevel !== undefined) refuseScrapyLevel(options.logLevel);
  const level = options.logLevel ?? (options.quiet ? 'warn' : logLevel);
  if (level !== undefined)
    add('--log-level', settingsFromText([{ name: 'logLevel', value: level }], '--log-level'));
  add('-s', settingsFromText(assignments('-s', options.set ?? [], terminal.env), '-s'));
  if (options.logFile !== undefined) add('--log-file', { logFile: options.logFile });
  if (options.jsonLogs) add('--json-logs', { logFormat: 'json' });
  refuseEmpty(options);
  const { seeds } = options;
  if (seeds !== undefined) add('--seeds', { seeds: seeds === '-' ? seeds : resolve(terminal.cwd, seeds) });
  if (options.failOn !== undefined) add('--fail-on', { failOn: options.failOn });
  if (options.job !== undefined) add('--job', { jobDir: resolve(terminal.cwd, options.job) });
  const { replay, incremental } = options;
  if (replay !== undefined) add('--replay', replayed(resolve(terminal.cwd, replay)));
  if (incremental !== undefined) add('--incremental', { incrementalDir: resolve(terminal.cwd, incremental) });
  add('the command line', own);
  add('-o', { ...(Object.keys(feeds).length > 0 && { feeds }), ...archive });
  return {
    layers,
    ...(config !== undefined && { project: { source: config.source, settings: config.settings } }),
  };
}

const NAMED = {
  seeds: 'a file',
  job: 'a folder',
  replay: 'a folder or a .warc file',
  incremental: 'a folder',
};

/** What stands for the current folder, or for nothing, is a variable of a script that was not set. */
function refuseEmpty(options: SharedOptions): void {
  for (const [name, what] of Object.entries(NAMED)) {
    if (options[name as keyof typeof NAMED]?.trim() !== '') continue;
    throw new UsageError(`--${name} needs ${what}, got an empty text`, `Name one, or leave --${name} out.`);
  }
}

/** What answers requests: an archive by its name, else a folder that is filled at first. */
function replayed(path: string): PartialSettings {
  if (/\.warc(?:\.gz)?$/i.test(path)) return { replayWarc: path };
  return { httpCache: 'replay', httpCacheDir: path };
}
