/** Anything a `HeaderMap` can be made from. A `null` value means: do not send this header. */
export type HeadersInit =
  | HeaderMap
  | Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>
  | Iterable<readonly [string, string | readonly string[] | null]>;

interface Entry {
  readonly name: string;
  values: string[] | null;
}

const NO_ENTRIES: ReadonlyMap<string, Entry> = new Map();

/**
 * Headers: a multi-map whose names ignore case and keep the spelling they were first set with.
 * `get` gives the last value of a name, `getAll` every one, as in Scrapy.
 */
export class HeaderMap implements Iterable<[string, string]> {
  static {
    Object.defineProperty(HeaderMap.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value(this: HeaderMap) {
        return { ...this.toJSON() };
      },
    });
  }

  #entries: ReadonlyMap<string, Entry> = NO_ENTRIES;

  constructor(init?: HeadersInit) {
    if (init === undefined) return;
    if (init instanceof HeaderMap) {
      for (const [key, { name, values }] of init.#entries) {
        this.#own().set(key, { name, values: values && [...values] });
      }
      return;
    }
    const pairs = Symbol.iterator in init ? init : Object.entries(init);
    for (const [name, value] of pairs as Iterable<[string, string | readonly string[] | null | undefined]>) {
      if (value === undefined) continue;
      if (value === null) this.set(name, null);
      else for (const one of Array.isArray(value) ? value : [value]) this.append(name, String(one));
    }
  }

  /** From a flat list of names and values as a parser gives it: `[name, value, name, value, …]`. */
  static fromRaw(raw: readonly (Uint8Array | string)[]): HeaderMap {
    const headers = new HeaderMap();
    for (let at = 0; at + 1 < raw.length; at += 2) headers.append(latin1(raw[at]), latin1(raw[at + 1]));
    return headers;
  }

  /** How many names there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** The last value of a name. */
  get(name: string): string | undefined {
    return this.#entries.get(name.toLowerCase())?.values?.at(-1);
  }

  /** Every value of a name, in order. */
  getAll(name: string): readonly string[] {
    return this.#entries.get(name.toLowerCase())?.values ?? [];
  }

  /** Whether the name is there, also when its value is `null`. */
  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  /** Replaces every value of a name; `null` says that the header is not to be sent, whoever sets a default. */
  set(name: string, value: string | readonly string[] | null): this {
    const key = name.toLowerCase();
    const values = value === null ? null : typeof value === 'string' ? [value] : [...value];
    this.#own().set(key, { name: this.#entries.get(key)?.name ?? name, values });
    return this;
  }

  /** Adds one more value to a name. */
  append(name: string, value: string): this {
    const key = name.toLowerCase();
    const entry = this.#entries.get(key);
    if (entry === undefined) this.#own().set(key, { name, values: [value] });
    else if (entry.values === null) entry.values = [value];
    else entry.values.push(value);
    return this;
  }

  /** Sets the value where the name is not there yet, not even as `null`. */
  setDefault(name: string, value: string): this {
    if (!this.has(name)) this.set(name, value);
    return this;
  }

  /** Removes a name. */
  delete(name: string): boolean {
    return this.has(name) && this.#own().delete(name.toLowerCase());
  }

  /** Whether there is no name at all. */
  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** Every name as it was spelled, with its values: what another `HeaderMap` can be made from. */
  toPairs(): [string, string[] | null][] {
    return Array.from(this.#entries.values(), ({ name, values }) => [name, values]);
  }

  /** The names in lower case. */
  keys(): IterableIterator<string> {
    return this.#entries.keys();
  }

  /** One pair for each value that is to be sent. */
  *[Symbol.iterator](): IterableIterator<[string, string]> {
    for (const { name, values } of this.#entries.values()) {
      for (const value of values ?? []) yield [name, value];
    }
  }

  /** Most requests in a queue have no headers of their own: a map is made with the first. */
  #own(): Map<string, Entry> {
    if (this.#entries === NO_ENTRIES) this.#entries = new Map();
    return this.#entries as Map<string, Entry>;
  }

  /** Plain data, lower-case names; the form in which headers are stored. */
  toJSON(): Record<string, string | string[] | null> {
    const plain: Record<string, string | string[] | null> = Object.create(null);
    for (const [key, { values }] of this.#entries) {
      plain[key] = values === null ? null : values.length === 1 ? (values[0] ?? '') : values;
    }
    return plain;
  }
}

function latin1(part: Uint8Array | string | undefined): string {
  if (typeof part === 'string') return part;
  return part === undefined
    ? ''
    : Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('latin1');
}
