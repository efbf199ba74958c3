import { checkSetting } from './check-setting.ts';
import type { ComponentList } from './component-list.ts';
import { placedComponentList, stackComponentLists } from './component-lists.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { isPlainObject } from './setting-type.ts';
import type { PartialSettings, Settings } from './settings.ts';
import { COMPONENT_SETTINGS } from './settings-schema.ts';

/** Settings of one place. */
export interface SettingsLayer {
  /** Names the place in messages: `project orbweaver.config.ts`, `spider books`, `-s`. */
  readonly source: string;
  readonly settings: PartialSettings;
}

/** Complete settings, and where each value comes from. */
export interface ResolvedSettings {
  /** Complete, and frozen to the last member. */
  readonly settings: Settings;
  /** Source by setting's name; those that nobody gave come from `default`. */
  readonly sources: ReadonlyMap<string, string>;
}

const NOBODY = 'default';

/**
 * Lays settings over the defaults, weakest layer first. A value replaces the one below as a whole, objects too;
 * only component lists stack up: each edits what the layers below made. `undefined` counts as not given.
 *
 * @throws SettingsError on an unknown name or a wrong value, naming setting, value and source.
 */
export function resolveSettings(layers: readonly SettingsLayer[]): ResolvedSettings {
  const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  const sources = new Map(Object.keys(settings).map((name) => [name, NOBODY]));
  for (const { source, settings: given } of layers) {
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined) continue;
      checkSetting(name, value, source);
      const below = sources.get(name) ?? NOBODY;
      if (COMPONENT_SETTINGS.has(name)) {
        const list = placedComponentList(frozenCopy(value) as ComponentList, `${source}: ${name}`);
        settings[name] = stackComponentLists(settings[name] as ComponentList, list);
        sources.set(name, below === NOBODY ? source : `${below}, ${source}`);
      } else {
        settings[name] = frozenCopy(value);
        sources.set(name, source);
      }
    }
  }
  return { settings: Object.freeze(settings) as unknown as Settings, sources };
}

/** An object of a class lives by what a copy would lose: its methods and private fields. */
function isLiteral(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function frozenCopy(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy));
  if (!isPlainObject(value) || !isLiteral(value)) return value;
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, frozenCopy(one)])));
}
