import { CurlCommandError } from '../../errors/curl-command-error.ts';
import { type CurlOption, longOption, shortOption } from './curl-options.ts';

/** The options of a command that shape its request, in order, and its URLs. */
export interface CurlArguments {
  /** Long name and value; a flag's value is empty. */
  readonly used: readonly (readonly [name: string, value: string])[];
  readonly urls: readonly string[];
}

/** Whether an address says its scheme. */
export const HAS_SCHEME: RegExp = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * Sorts the words behind `curl`.
 *
 * @throws CurlCommandError for unknown and unsupported options, unless they are ignored, and for those that read files.
 */
export function curlArguments(words: readonly string[], ignoreUnknown: boolean): CurlArguments {
  const used: [string, string][] = [];
  const urls: string[] = [];
  const unknown: string[] = [];
  const rest = words.values();
  let onlyUrls = false;

  const take = (option: CurlOption | undefined, spelled: string, joined: string | undefined): void => {
    if (option === undefined) {
      unknown.push(spelled);
      return;
    }
    if (option.fate === 'refused') {
      const reason = option.name === 'next' ? 'makes several requests' : 'reads files';
      throw new CurlCommandError(
        `${spelled} ${reason}, which is not done here: put the content into the command`,
      );
    }
    let value = joined ?? '';
    if (option.takesValue && joined === undefined) {
      const next = rest.next();
      if (next.done === true) throw new CurlCommandError(`${spelled} needs a value`);
      value = next.value;
    }
    if (option.fate === 'unsupported') unknown.push(spelled);
    else if (option.fate === 'used') used.push([option.name, value]);
  };

  for (const word of rest) {
    if (onlyUrls || !word.startsWith('-') || word === '-') urls.push(word);
    else if (word === '--') onlyUrls = true;
    else if (word.startsWith('--')) takeLong(word, take);
    else takeShort(word, take);
  }
  if (unknown.length > 0 && !ignoreUnknown) {
    throw new CurlCommandError(
      `${unknown.join(', ')} ${unknown.length === 1 ? 'is' : 'are'} not known here: leave it out, or set ignoreUnknown`,
      unknown,
    );
  }
  // The value of an unknown option looks like one more URL.
  const certain = urls.filter((url) => HAS_SCHEME.test(url));
  return { used, urls: unknown.length > 0 && certain.length > 0 ? certain : urls };
}

type Take = (option: CurlOption | undefined, spelled: string, joined: string | undefined) => void;

function takeLong(word: string, take: Take): void {
  const equals = word.indexOf('=');
  const option = longOption(word.slice(2));
  const named = equals < 0 ? undefined : longOption(word.slice(2, equals));
  if (option === undefined && named?.takesValue === true) {
    take(named, word.slice(0, equals), word.slice(equals + 1));
  } else take(option, word, undefined);
}

/** Letters may be joined: `-sSXPOST` is `-s -S -X POST`. */
function takeShort(word: string, take: Take): void {
  for (let at = 1; at < word.length; at += 1) {
    const letter = word.charAt(at);
    const option = shortOption(letter);
    const joined = option?.takesValue === true ? word.slice(at + 1) : '';
    take(option, `-${letter}`, joined === '' ? undefined : joined);
    if (option?.takesValue === true) return;
  }
}
