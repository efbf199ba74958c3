import { errorMessage } from '../errors/crawl-error.ts';
import { SettingsError } from '../errors/settings-error.ts';
import { type ResolvedSettings, resolveSettings, type SettingsLayer } from '../settings/resolve-settings.ts';
import { isPlainObject } from '../settings/setting-type.ts';
import type { PartialSettings } from '../settings/settings.ts';
import type { SpiderClass } from '../spider/spider.ts';

/** What a crawl is given besides its spider. */
export interface GivenSettings {
  readonly project?: SettingsLayer | undefined;
  /** Above the spider's, weakest first. */
  readonly layers?: readonly SettingsLayer[];
  readonly settings?: PartialSettings;
  readonly args?: object;
}

/**
 * The settings of a crawl of a spider, from all their sources.
 *
 * @throws SettingsError on an unknown name or a wrong value, and where `updateSettings()` fails.
 */
export function settingsOf<Item extends object, Args extends object>(
  spider: Pick<SpiderClass<Item, Args>, 'settings' | 'updateSettings'>,
  name: string,
  { project, layers = [], settings, args = {} }: GivenSettings,
): ResolvedSettings {
  const source = `spider ${name}`;
  const below: SettingsLayer[] = [
    ...(project === undefined ? [] : [project]),
    ...(spider.settings === undefined ? [] : [{ source, settings: spider.settings }]),
  ];
  const above = [...layers, ...(settings === undefined ? [] : [{ source: 'code', settings }])];
  const resolved = resolveSettings([...below, ...above]);
  if (spider.updateSettings === undefined) return resolved;
  let own: unknown;
  try {
    own = spider.updateSettings(resolved.settings, args as Readonly<Record<string, unknown>>) ?? {};
  } catch (cause) {
    throw new SettingsError(`${source}: updateSettings() failed: ${errorMessage(cause)}`, { cause });
  }
  if (!isPlainObject(own) || typeof own.then === 'function')
    throw new SettingsError(
      `${source}: updateSettings() must give settings, and at once, no promise of them`,
    );
  return resolveSettings([...below, { source, settings: own }, ...above]);
}
