import { SettingsError } from '../errors/settings-error.ts';
import { nearest } from '../values/nearest.ts';
import { fromScrapyName } from './scrapy-names.ts';
import { type Fault, type SettingType, shown } from './setting-type.ts';
import type { Settings } from './settings.ts';
import { SETTINGS_SCHEMA } from './settings-schema.ts';

/** The name of a setting. */
export type SettingName = keyof Settings;

/** Every setting's name. */
export const SETTING_NAMES: readonly SettingName[] = Object.keys(SETTINGS_SCHEMA) as SettingName[];

/**
 * The type of a setting.
 *
 * @param source says in the message where the name was given: `-s`, `spider books`.
 * @throws SettingsError on an unknown name, with ours for a name of Scrapy's, or else the nearest.
 */
export function settingType(name: string, source: string): SettingType {
  if (isSettingName(name)) return SETTINGS_SCHEMA[name];
  throw new SettingsError(`${source}: there is no setting ${name}${hintFor(name)}`);
}

/** @throws SettingsError on an unknown name or a value that the setting cannot hold. */
export function checkSetting(name: string, value: unknown, source: string): asserts name is SettingName {
  const fault = settingType(name, source).fault(value);
  if (fault !== undefined) throw new SettingsError(describe(name, fault, source));
}

/** Whether there is a setting of this name. */
export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS_SCHEMA, name);
}

function describe(name: string, { path, expected, given }: Fault, source: string): string {
  return `${source}: ${name}${path} must be ${expected}, got ${shown(given)}`;
}

function hintFor(name: string): string {
  const ours = fromScrapyName(name);
  if (ours?.name !== undefined) return `: it is ${ours.name} here${ours.note ? ` (${ours.note})` : ''}`;
  if (ours !== undefined) return `, leave it out: ${ours.note}`;
  const near = nearest(name, SETTING_NAMES);
  return near.length > 0 ? `: did you mean ${near.join(' or ')}?` : ' (`crawl settings` lists them all)';
}
