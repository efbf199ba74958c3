import { SettingsError } from '../errors/settings-error.ts';
import { checkSetting, settingType } from './check-setting.ts';
import type { PartialSettings } from './settings.ts';
import { COMPONENT_SETTINGS } from './settings-schema.ts';

/**
 * One setting as a command line gives it: numbers, true or false, words; lists with commas or as JSON, objects
 * as JSON.
 *
 * @throws SettingsError on an unknown name, a text that cannot be read as the setting's type, or a component list.
 */
export function parseSettingText(name: string, text: string, source: string): PartialSettings {
  const type = settingType(name, source);
  if (COMPONENT_SETTINGS.has(name)) {
    throw new SettingsError(
      `${source}: ${name} holds code: set it in the project's configuration or in the spider's static settings`,
    );
  }
  let value: unknown;
  try {
    value = type.read(text);
  } catch {
    // The parser's own message quotes the text, which may hold a secret.
    throw new SettingsError(`${source}: ${name} is not valid JSON; on a shell, put it in single quotes`);
  }
  if (value !== undefined) checkSetting(name, value, source);
  return { [name]: value };
}
