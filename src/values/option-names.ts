import { UnknownOptionError } from '../errors/unknown-option-error.ts';
import { nearest } from './nearest.ts';

/**
 * The names that options of one kind may have. Spiders run without a look at their types, and an option that is
 * misspelt, or spelt as in Scrapy, would do nothing and say nothing.
 */
export class OptionNames {
  readonly #known: ReadonlySet<string>;
  readonly #scrapy: ReadonlyMap<string, string>;

  /**
   * @param known - every name.
   * @param scrapy - ours for those of Scrapy's names that are not nearly the same.
   */
  constructor(known: Readonly<Record<string, true>>, scrapy: Readonly<Record<string, string>> = {}) {
    this.#known = new Set(Object.keys(known));
    this.#scrapy = new Map(Object.entries(scrapy));
  }

  /**
   * @param owner - what the options are of, for the message.
   * @throws UnknownOptionError on the first name that is not known.
   */
  check(owner: string, options: object): void {
    // Every request comes by here: no list of its names is made.
    for (const name in options) if (!this.#known.has(name)) throw this.#unknown(owner, name);
  }

  #unknown(owner: string, name: string): UnknownOptionError {
    const meant = this.#scrapy.get(name) ?? nearest(name, this.#known)[0];
    const hint = meant === undefined ? `it takes ${[...this.#known].join(', ')}` : `did you mean ${meant}?`;
    return new UnknownOptionError(owner, name, hint);
  }
}
