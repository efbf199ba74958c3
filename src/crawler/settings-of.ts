import {
  type ResolvedSettings,
  resolveSettings,
  type SettingsLayer,
  updatedLayer,
  withoutSettings,
} from '../settings/resolve-settings.ts';
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
  const given = args as Readonly<Record<string, unknown>>;
  const own = updatedLayer(source, () => spider.updateSettings?.(resolved.settings, given));
  return resolveSettings([...below, taken(own), ...above], ignored);
}
