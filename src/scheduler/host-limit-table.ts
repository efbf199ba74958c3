import type { HostLimits } from '../contracts/scheduler.ts';

/** Whether a name means all hosts, or all below a domain. */
export function isPattern(name: string): boolean {
  return name === '*' || name.startsWith('*.');
}

/** Limits by the name of a host: `host:port`, `host`, `*.domain` for what is below it, `*` for all others. */
export class HostLimitTable {
  readonly #exact = new Map<string, HostLimits>();
  /** By what a name ends in: `.example.com`. */
  readonly #endings = new Map<string, HostLimits>();
  #others: HostLimits | undefined;

  constructor(limits: Readonly<Record<string, HostLimits>> = {}) {
    for (const [name, one] of Object.entries(limits)) {
      if (isPattern(name)) this.lay(name, one);
      else this.#exact.set(name, one);
    }
  }

  /** Lays limits over those of a pattern. */
  lay(pattern: string, limits: HostLimits): void {
    if (pattern === '*') this.#others = { ...this.#others, ...limits };
    else this.#endings.set(pattern.slice(1), { ...this.#endings.get(pattern.slice(1)), ...limits });
  }

  /** The limits that come closest, as a whole; always the same object, for a million hosts share it. */
  of(name: string): HostLimits | undefined {
    if (this.#exact.size === 0 && this.#endings.size === 0) return this.#others;
    const bare = name.replace(/:\d+$/, '');
    return this.#exact.get(name) ?? this.#exact.get(bare) ?? this.#byEnding(bare) ?? this.#others;
  }

  #byEnding(name: string): HostLimits | undefined {
    if (this.#endings.size === 0) return undefined;
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      const found = this.#endings.get(name.slice(dot));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
