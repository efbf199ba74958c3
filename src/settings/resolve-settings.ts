import { errorMessage } from '../errors/crawl-error.ts';
import { SettingsError } from '../errors/settings-error.ts';
import { checkSetting } from './check-setting.ts';
import type { ComponentList } from './component-list.ts';
import { placedComponentList, stackComponentLists } from './component-lists.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { isPlainObject } from './setting-type.ts';
import type { AddOn, PartialSettings, Settings } from './settings.ts';
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
 * only component lists stack up: each edits what the layers below made. `undefined` counts as not given. What the
 * add-ons bring that the layers name stands below all of them, without the names that they may not give.
 *
 * @throws SettingsError on an unknown name or a wrong value, naming setting, value and source, and where an add-on fails.
 */
export function resolveSettings(
  layers: readonly SettingsLayer[],
  notOfAddOns: readonly (keyof PartialSettings)[] = [],
): ResolvedSettings {
  let resolved = layered(layers);
  const below: SettingsLayer[] = [];
  for (const addOn of resolved.settings.addons) {
    below.push(withoutSettings(layerOf(addOn, resolved.settings), notOfAddOns));
    resolved = layered([...below, ...layers]);
  }
  return resolved;
}

/** A layer as if it did not give certain settings. */
export function withoutSettings(
  { source, settings }: SettingsLayer,
  names: readonly (keyof PartialSettings)[],
): SettingsLayer {
  const left: ReadonlySet<string> = new Set(names);
  return {
    source,
    settings: Object.fromEntries(Object.entries(settings).filter(([name]) => !left.has(name))),
  };
}

function layered(layers: readonly SettingsLayer[]): ResolvedSettings {
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

/**
 * The layer that an `updateSettings()` gives.
 *
 * @throws SettingsError where it fails, or gives no settings.
 */
export function updatedLayer(source: string, updateSettings: () => unknown): SettingsLayer {
  let given: unknown;
  try {
    given = updateSettings() ?? {};
  } catch (cause) {
    throw new SettingsError(`${source}: updateSettings() failed: ${errorMessage(cause)}`, { cause });
  }
  if (!isPlainObject(given) || typeof given.then === 'function')
    throw new SettingsError(
      `${source}: updateSettings() must give settings, and at once, no promise of them`,
    );
  return { source, settings: given };
}

/** What an add-on brings. */
function layerOf(addOn: AddOn, settings: Settings): SettingsLayer {
  const layer = updatedLayer(`add-on ${addOn.name}`, () => addOn.updateSettings(settings));
  if (layer.settings.addons !== undefined)
    throw new SettingsError(`${layer.source}: an add-on cannot bring others; list them in the project`);
  return layer;
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
