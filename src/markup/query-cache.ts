const MAX_ENTRIES = 500;
const MAX_KEY_LENGTH = 2_000;

/** Remembers what queries compile to, up to 500 of them; the oldest go first. */
export class QueryCache<Compiled> {
  readonly #compile: (query: string) => Compiled;
  readonly #entries = new Map<string, Compiled>();

  constructor(compile: (query: string) => Compiled) {
    this.#compile = compile;
  }

  get(query: string): Compiled {
    const known = this.#entries.get(query);
    if (known !== undefined) return known;
    const compiled = this.#compile(query);
    if (query.length > MAX_KEY_LENGTH) return compiled;
    if (this.#entries.size >= MAX_ENTRIES) this.#forgetOldest();
    this.#entries.set(query, compiled);
    return compiled;
  }

  #forgetOldest(): void {
    for (const query of this.#entries.keys()) {
      this.#entries.delete(query);
      return;
    }
  }
}
