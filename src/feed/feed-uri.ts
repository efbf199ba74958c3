import { SettingsError } from '../errors/settings-error.ts';
import { safeFileName } from '../values/safe-file-name.ts';

/** A feed as the command line names it. */
export interface FeedUri {
  readonly uri: string;
  readonly format?: string;
}

/** What a template may name. */
export type FeedVariables = Readonly<Record<string, string | number>>;

const FORMAT = /^[a-z][a-z0-9]*$/i;
const PLACE = /%\((\w{1,64})\)(0?)(\d{0,2})([sd])/g;

/** Takes `FILE:format` apart: `out.txt:jsonl`, `-:csv`. A drive letter or a scheme is no file. */
export function parseFeedUri(text: string): FeedUri {
  const colon = text.lastIndexOf(':');
  const file = text.slice(0, colon);
  const format = text.slice(colon + 1);
  const isFile = file.length > 1 || file === '-';
  if (colon < 0 || !isFile || file === 'file' || !FORMAT.test(format)) return { uri: text };
  return { uri: file, format: format.toLowerCase() };
}

/**
 * Puts values into the places of a template: `%(name)s`, `%(batch_id)05d`; any other `%` stays. A value becomes
 * part of one file name, so none can lead out of the folder that the template names.
 *
 * @throws SettingsError for a name that has no value.
 */
export function expandFeedUri(template: string, variables: FeedVariables): string {
  return template.replace(PLACE, (_place, name: string, zero: string, width: string, type: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined) {
      const known = Object.keys(variables).sort().join(', ');
      throw new SettingsError(`feed ${template}: there is no %(${name})s; known are ${known}`);
    }
    if (type === 's') return safeFileName(String(value)).padStart(Number(width), '_');
    if (!Number.isInteger(Number(value))) {
      throw new SettingsError(`feed ${template}: %(${name})d needs a whole number, not ${value}`);
    }
    return String(Number(value)).padStart(Number(width), zero === '0' ? '0' : '_');
  });
}
