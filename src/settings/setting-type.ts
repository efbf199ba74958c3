import { nearest } from '../values/nearest.ts';
import { isClass, makerOf } from './is-class.ts';

/** What a setting may hold: says what is wrong with a value, and reads one from a command line. */
export interface SettingType {
  /** Completes “expected …”. */
  readonly expected: string;
  /** What is wrong: the path inside of the value and what was expected there. */
  fault(value: unknown): Fault | undefined;
  /** The value that a text stands for; what it cannot read it gives back. @throws SyntaxError on bad JSON. */
  read(text: string): unknown;
}

/** What is wrong inside of a value. */
export interface Fault {
  /** Members that lead to it, as in code: `.depth`, `[2]`. */
  readonly path: string;
  readonly expected: string;
  readonly given: unknown;
}

const TRUE = new Set(['true', 'yes', 'on', '1']);
const FALSE = new Set(['false', 'no', 'off', '0']);
const HIDDEN = Symbol('hidden');
const LONGEST_SHOWN = 100;

/** A whole number within limits. */
export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER): SettingType {
  const bound = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  return simple(
    `a whole number ${least === Number.MIN_SAFE_INTEGER ? '' : bound}`.trimEnd(),
    (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
    readNumber,
  );
}

/** Any number, or any within limits. */
export function number(
  least: number = Number.NEGATIVE_INFINITY,
  most: number = Number.POSITIVE_INFINITY,
): SettingType {
  const bound = most === Number.POSITIVE_INFINITY ? `from ${least}` : `from ${least} to ${most}`;
  return simple(
    least === Number.NEGATIVE_INFINITY ? 'a number' : `a number ${bound}`,
    (value) => typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most,
    readNumber,
  );
}

/** True or false. */
export const boolean: SettingType = simple(
  'true or false',
  (value) => typeof value === 'boolean',
  (text) => {
    const word = text.toLowerCase();
    if (TRUE.has(word)) return true;
    return FALSE.has(word) ? false : text;
  },
);

/** Any text that a test lets through. */
export function text(expected = 'a text', test: (value: string) => boolean = () => true): SettingType {
  return simple(
    expected,
    (value) => typeof value === 'string' && test(value),
    (given) => given,
  );
}

/** A text, a number, true, false or null. */
export const scalar: SettingType = simple(
  'a text, a number, true, false or null',
  (value) => value === null || ['string', 'number', 'boolean'].includes(typeof value),
  (given) => given,
);

/** Null, where that means something else than not given. */
export const nothing: SettingType = simple(
  'null',
  (value) => value === null,
  (words) => (words === 'null' ? null : words),
);

/** A function. Not for command lines. */
export const code: SettingType = simple(
  'a function, which only code can give',
  (value) => typeof value === 'function',
  (given) => given,
);

/** An add-on. Not for command lines. */
export const addOn: SettingType = simple(
  'add-ons, objects with a name and updateSettings(), which only code can give',
  (value) =>
    isPlainObject(value) &&
    typeof value.name === 'string' &&
    value.name !== '' &&
    typeof value.updateSettings === 'function',
  (given) => given,
);

/** One of some words. */
export function choice(...words: readonly string[]): SettingType {
  return simple(
    `one of ${words.join(', ')}`,
    (value) => words.includes(value as string),
    (given) => given,
  );
}

/** Whatever one of two types holds; texts are read by the first that takes them. */
export function either(first: SettingType, second: SettingType): SettingType {
  return {
    expected: `${first.expected} or ${second.expected}`,
    fault(value) {
      if (first.fault(value) === undefined || second.fault(value) === undefined) return undefined;
      return { path: '', expected: this.expected, given: value };
    },
    read(given) {
      const value = first.read(given);
      return first.fault(value) === undefined ? value : second.read(given);
    },
  };
}

/** A type whose value may be missing. An empty text counts as not given. */
export function optional(type: SettingType): SettingType {
  return {
    expected: `${type.expected}, or nothing`,
    fault: (value) => (value === undefined ? undefined : type.fault(value)),
    read: (given) => (given === '' ? undefined : type.read(given)),
  };
}

/** A type whose value may be missing, but where it is given it must not be an empty text. */
export function given(type: SettingType): SettingType {
  return { ...optional(type), read: (words) => type.read(words) };
}

/** A type whose wrong values no message shows: they may hold a secret. */
export function secret(type: SettingType): SettingType {
  return {
    ...type,
    fault(value) {
      const fault = type.fault(value);
      return fault && { ...fault, given: HIDDEN };
    },
  };
}

/** A list. As text: JSON, or values with commas between them. */
export function list(type: SettingType): SettingType {
  return {
    expected: `a list of ${type.expected}`,
    fault(value) {
      if (!Array.isArray(value)) return { path: '', expected: this.expected, given: value };
      return firstFault(
        value.entries(),
        (at) => `[${at}]`,
        () => type,
      );
    },
    read(given) {
      if (given.trimStart().startsWith('[')) return JSON.parse(given);
      const parts = given.split(',').map((part) => part.trim());
      return parts.filter((part) => part !== '').map((part) => type.read(part));
    },
  };
}

/** An object of any keys. As text: JSON. */
export function table(type: SettingType): SettingType {
  return {
    expected: `an object of ${type.expected}`,
    fault(value) {
      if (!isPlainObject(value)) return { path: '', expected: this.expected, given: value };
      return firstFault(
        Object.entries(value),
        (key) => `[${JSON.stringify(key)}]`,
        () => type,
      );
    },
    read: readObject,
  };
}

/** An object with known members. As text: JSON. */
export function shape(members: Readonly<Record<string, SettingType>>): SettingType {
  const names = Object.keys(members);
  return {
    expected: `an object with ${names.join(', ')}`,
    fault(value) {
      if (!isPlainObject(value)) return { path: '', expected: this.expected, given: value };
      for (const [key, given] of Object.entries(value)) {
        if (Object.hasOwn(members, key)) continue;
        const near = nearest(key, names).slice(0, 1);
        const hint = near.length > 0 ? ` (did you mean ${near.join()}?)` : '';
        return { path: `.${key}`, expected: `one of ${names.join(', ')}${hint}`, given };
      }
      return firstFault(
        names.map((name) => [name, value[name]]),
        (name) => `.${name}`,
        (name) => members[name],
      );
    },
    read: readObject,
  };
}

/** A component list. Not for command lines: components are code. */
export const components: SettingType = {
  expected: 'a list of functions that make components, or a function that edits the built-in list',
  fault(value) {
    if (isClass(value)) return { path: '', expected: `a list: [${makerOf(value)}]`, given: value };
    if (typeof value === 'function') return undefined;
    if (!Array.isArray(value)) return { path: '', expected: this.expected, given: value };
    const at = value.findIndex((one) => typeof one !== 'function' || isClass(one));
    const given: unknown = value[at];
    if (at === -1) return undefined;
    if (isClass(given)) return { path: `[${at}]`, expected: `a function: write ${makerOf(given)}`, given };
    return {
      path: `[${at}]`,
      expected: 'a factory, (context) => component, so that crawls share nothing: write () => ({ name, … })',
      given,
    };
  },
  read: (given) => given,
};

/** A value as messages show it: short, without secrets. */
export function shown(value: unknown): string {
  if (value === HIDDEN) return 'something else (not shown, it may be secret)';
  if (isClass(value)) return `the class ${value.name}`.trimEnd();
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number') return String(value); // JSON has no NaN.
  const plain = asJson(value) ?? String(value);
  return plain.length > LONGEST_SHOWN ? `${plain.slice(0, LONGEST_SHOWN)}…` : plain;
}

function asJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'string' ? withoutUserInfo(inner) : inner,
    );
  } catch {
    return undefined; // A cycle or a bigint.
  }
}

/** Whatever stands before an `@` may be a user with a password, in an address without its scheme too. */
function withoutUserInfo(given: string): string {
  const at = given.lastIndexOf('@');
  return at === -1 ? given : `***${given.slice(at)}`;
}

function simple(
  expected: string,
  accepts: (value: unknown) => boolean,
  read: (text: string) => unknown,
): SettingType {
  return {
    expected,
    fault: (value) => (accepts(value) ? undefined : { path: '', expected, given: value }),
    read,
  };
}

function readNumber(given: string): unknown {
  const value = Number(given.replaceAll(/(?<=\d)_(?=\d)/g, ''));
  return given.trim() === '' || Number.isNaN(value) ? given : value;
}

function readObject(given: string): unknown {
  return given.trimStart().startsWith('{') ? JSON.parse(given) : given;
}

function firstFault<Key>(
  entries: Iterable<readonly [Key, unknown]>,
  pathOf: (key: Key) => string,
  typeOf: (key: Key) => SettingType | undefined,
): Fault | undefined {
  for (const [key, value] of entries) {
    const fault = typeOf(key)?.fault(value);
    if (fault !== undefined) return { ...fault, path: `${pathOf(key)}${fault.path}` };
  }
  return undefined;
}

/** Whether a value is an object that is no list. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
