import { inspect } from 'node:util';
import { settingType } from '../../settings/check-setting.ts';
import { fromScrapyName } from '../../settings/scrapy-names.ts';
import { withoutSecrets } from '../../settings/without-secrets.ts';
import { nearest } from '../../values/nearest.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { type SharedOptions, settingsLayers } from '../settings-layers.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { Workspace } from '../workspace.ts';

/** Options of `crawl settings`. */
export interface SettingsOptions extends SharedOptions {
  readonly get?: string;
  readonly spider?: string;
  readonly json?: true;
}

/** A setting as it is shown. */
interface ShownSetting {
  readonly name: string;
  readonly value: unknown;
  readonly source: string;
}

/** Prints every setting with its value and where that comes from; or one value. */
export async function settings(terminal: Terminal, options: SettingsOptions): Promise<number> {
  const shown = await shownSettings(terminal, options);
  if (options.get !== undefined) {
    await terminal.write(`${plain(oneSetting(shown, options.get).value, options.json === true)}\n`);
  } else if (options.json) {
    const table = Object.fromEntries(shown.map(({ name, value, source }) => [name, { value, source }]));
    await terminal.write(`${JSON.stringify(table, undefined, 2)}\n`);
  } else {
    await terminal.write(aligned(shown));
  }
  return EXIT_CODES.ok;
}

async function shownSettings(terminal: Terminal, options: SettingsOptions): Promise<ShownSetting[]> {
  const workspace = Workspace.for(terminal.cwd, options.spider);
  const loaded = options.spider === undefined ? undefined : await workspace.find(options.spider);
  const [{ Crawler }, { componentNames }, { Spider }] = await Promise.all([
    import('../../crawler/crawler.ts'),
    import('../../crawler/component-names.ts'),
    import('../../api.ts'),
  ]);
  const layers = await settingsLayers(terminal, workspace, options);
  const NoSpider = class extends Spider {};
  const crawler = new Crawler(loaded?.spider ?? NoSpider, { ...layers, name: loaded?.name ?? 'none' });
  const components: Readonly<Record<string, readonly string[]>> = componentNames(
    crawler.settings,
    loaded?.spider.pipelines,
  );
  return Object.entries(crawler.settings).map(([name, value]) => ({
    name,
    value: withoutSecrets(name, components[name] ?? value),
    source: crawler.settingSources.get(name) ?? 'default',
  }));
}

function oneSetting(shown: readonly ShownSetting[], wanted: string): ShownSetting {
  const found = shown.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const ours = fromScrapyName(wanted);
  // With ours for a name of Scrapy's, and what is different about it.
  if (ours !== undefined) settingType(wanted, '--get');
  const near = nearest(
    wanted,
    shown.map(({ name }) => name),
  );
  throw new UsageError(
    `there is no setting "${wanted}"`,
    near.length > 0 ? `Did you mean ${near.join(' or ')}?` : '`crawl settings` names them all.',
  );
}

function aligned(shown: readonly ShownSetting[]): string {
  const rows = shown.map(({ name, value, source }) => ({ name, text: plain(value, false), source }));
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const textWidth = Math.min(40, Math.max(...rows.map(({ text }) => text.length)));
  return rows
    .map(({ name, text, source }) => `${name.padEnd(nameWidth)}  ${text.padEnd(textWidth)}  ${source}\n`)
    .join('');
}

function plain(value: unknown, isJson: boolean): string {
  if (isJson) return JSON.stringify(value) ?? 'null';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((part) => typeof part !== 'object'))
    return value.join(', ') || 'none';
  return inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY, compact: true });
}
