import { parseSettingText } from '../settings/parse-setting-text.ts';
import type { PartialSettings } from '../settings/settings.ts';

/** A setting as it is written on a command line. */
export interface SettingText {
  readonly name: string;
  readonly value: string;
}

/**
 * Settings from `NAME=VALUE` texts, each read by its own type; of a name given twice the last holds.
 *
 * @param source names where they come from in messages: `-s`.
 * @throws SettingsError on an unknown name or a wrong value.
 */
export function settingsFromText(texts: readonly SettingText[], source: string): PartialSettings {
  return Object.assign({}, ...texts.map(({ name, value }) => parseSettingText(name, value, source)));
}
