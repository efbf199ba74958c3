import { errorMessage } from '../errors/crawl-error.ts';
import { SettingsError } from '../errors/settings-error.ts';
import {
  type ResolvedSettings,
  resolveSettings,
  type SettingsLayer,
  withoutSettings,
} from '../settings/resolve-settings.ts';
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
  /** Not taken from project, add-ons and spider: as if these did not give them. */
  readonly ignored?: readonly (keyof PartialSettings)[];
}

/**
 * The settings of a crawl of a spider, from all their sources.
 *
 * @throws SettingsError on an unknown name or a wrong value, and where `updateSettings()` fails.
 */
export function settingsOf<Item extends object, Args extends object>(
  spider: Pick<SpiderClass<Item, Args>, 'settings' | 'updateSettings'>,
  name: string,
  { project, layers = [], settings, args = {}, ignored = [] }: GivenSettings,
): ResolvedSettings {
  const taken = (layer: SettingsLayer): SettingsLayer => withoutSettings(layer, ignored);
  const source = `spider ${name}`;
  const below: SettingsLayer[] = [
    ...(project === undefined ? [] : [taken(project)]),
    ...(spider.settings === undefined ? [] : [taken({ source, settings: spider.settings })]),
  ];
  const above = [...layers, ...(settings === undefined ? [] : [{ source: 'code', settings }])];
  const resolved = resolveSettings([...below, ...above], ignored);
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
  return resolveSettings([...below, taken({ source, settings: own }), ...above], ignored);
}
