import { isSecretName, MASK } from './mask-secrets.ts';
import { isOwnCode } from './own-code.ts';
import type { SecretMask } from './secret-mask.ts';

const LONGEST_TEXT = 8192;
// Masking looks a little further than what is shown, or a secret that is cut in two would not be known.
const LONGEST_MASKED = 2 * LONGEST_TEXT;
const MOST_MEMBERS = 100;
const MOST_VALUES = 1000;
const DEEPEST = 5;

/** Any value as plain data for a log line: no secrets, no cycles, of bounded size. Never throws. */
export function logValue(value: unknown, mask: SecretMask): unknown {
  return new PlainData(mask).of(value, 0);
}

/** A text for a log line: no secrets, of bounded length. */
export function logText(text: string, mask: SecretMask): string {
  const shown = mask.mask(text.length > LONGEST_MASKED ? text.slice(0, LONGEST_MASKED) : text);
  if (text.length <= LONGEST_TEXT || shown.length <= LONGEST_TEXT) return shown;
  return `${shown.slice(0, LONGEST_TEXT)}… (${text.length} characters)`;
}

class PlainData {
  readonly #mask: SecretMask;
  #left = MOST_VALUES;

  constructor(mask: SecretMask) {
    this.#mask = mask;
  }

  of(value: unknown, depth: number): unknown {
    this.#left -= 1;
    switch (typeof value) {
      case 'string':
        return logText(value, this.#mask);
      case 'object':
        if (value === null) return null;
        if (depth >= DEEPEST || this.#left <= 0) return '[…]';
        try {
          return this.#object(value, depth);
        } catch {
          return '[unreadable]';
        }
      case 'bigint':
      case 'symbol':
        return logText(String(value), this.#mask);
      case 'function':
        return `[function ${value.name}]`;
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      default:
        return value;
    }
  }

  #object(value: object, depth: number): unknown {
    if (value instanceof Error) return this.#error(value, depth);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if ('toJSON' in value && typeof value.toJSON === 'function') return this.of(value.toJSON(), depth + 1);
    if (value instanceof Map) return this.#members(value, depth);
    if (Array.isArray(value) || value instanceof Set) return this.#list(value, depth);
    return this.#members(Object.entries(value), depth);
  }

  #error(error: Error, depth: number): unknown {
    const { name, message, cause } = error;
    const stack = ownFrames(error.stack ?? '');
    const code = (error as NodeJS.ErrnoException).code;
    return this.#members(
      Object.entries({
        name,
        message,
        ...(code && { code }),
        ...(stack && { stack }),
        ...(cause !== undefined && { cause }),
      }),
      depth,
    );
  }

  #list(values: Iterable<unknown>, depth: number): unknown[] {
    const plain: unknown[] = [];
    for (const value of values) {
      if (plain.length >= MOST_MEMBERS || this.#left <= 0) {
        plain.push('[…]');
        break;
      }
      plain.push(this.of(value, depth + 1));
    }
    return plain;
  }

  #members(entries: Iterable<readonly [unknown, unknown]>, depth: number): Record<string, unknown> {
    const plain: Record<string, unknown> = Object.create(null);
    let count = 0;
    for (const [key, value] of entries) {
      count += 1;
      if (count > MOST_MEMBERS || this.#left <= 0) {
        plain['…'] = '[…]';
        break;
      }
      const name = logText(String(key), this.#mask);
      plain[name] = isHidden(name, value) ? MASK : this.of(value, depth + 1);
    }
    return plain;
  }
}

const MOST_FRAMES = 5;

/** The lines of a stack that are neither Node's nor a package's nor ours: where the user's code was. */
function ownFrames(stack: string): string {
  return stack
    .split('\n')
    .map((line) => line.trim())
    .filter(
      (line) => line.startsWith('at ') && !/node:|node_modules|<anonymous>/.test(line) && !isOwnCode(line),
    )
    .slice(0, MOST_FRAMES)
    .join(' ');
}

/** Flags and missing values tell nothing: `cookies: true` is shown. */
function isHidden(name: string, value: unknown): boolean {
  return typeof value !== 'boolean' && value !== undefined && value !== null && isSecretName(name);
}
