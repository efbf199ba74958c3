import type { SpiderLike } from '../contracts/spider.ts';
import { InvalidCallbackError } from '../errors/invalid-callback-error.ts';
import type { CallbackReference } from '../values/callback.ts';

/** A spider's method as the engine calls it. */
export type SpiderMethod = (input: unknown, args: unknown) => unknown;

/** Finds a spider's methods by name, and the names of its methods: requests are stored with names. */
export class CallbackTable {
  readonly #spider: SpiderLike;
  readonly #names = new Map<unknown, string>();
  readonly #methods = new Map<string, SpiderMethod | undefined>();

  constructor(spider: SpiderLike) {
    this.#spider = spider;
  }

  /**
   * The name of a callback.
   *
   * @param url of the request that has it, for the message.
   * @throws InvalidCallbackError when it is not a member of the spider.
   */
  nameOf(reference: CallbackReference, url: string): string {
    if (typeof reference === 'string') {
      if (this.find(reference) === undefined) {
        throw new InvalidCallbackError(
          `${url}: spider ${this.#spider.name} has no method ${reference}() for its callback`,
        );
      }
      return reference;
    }
    let name = this.#names.get(reference);
    if (name === undefined) {
      name = this.#search(reference, url);
      this.#names.set(reference, name);
    }
    return name;
  }

  /** The method of a name, bound to the spider; undefined: there is none. */
  find(name: string): SpiderMethod | undefined {
    if (this.#methods.has(name)) return this.#methods.get(name);
    const member = name in Object.prototype ? undefined : Reflect.get(this.#spider, name);
    const method = typeof member === 'function' ? (member.bind(this.#spider) as SpiderMethod) : undefined;
    this.#methods.set(name, method);
    return method;
  }

  #search(callback: CallbackReference, url: string): string {
    const { name } = callback as { name: string };
    if (Reflect.get(this.#spider, name) === callback) return name;
    for (let level: object | null = this.#spider; level !== null && level !== Object.prototype; ) {
      for (const key of Object.getOwnPropertyNames(level)) {
        if (Object.getOwnPropertyDescriptor(level, key)?.value === callback) return key;
      }
      level = Object.getPrototypeOf(level) as object | null;
    }
    // `callback: (response) => …` names the function by its key.
    const isAnonymous = name === 'callback' || name === 'errback';
    throw new InvalidCallbackError(
      `${url}: ${isAnonymous ? 'an anonymous function' : `${name}()`} is not a member of spider ` +
        `${this.#spider.name}: make it a method (or a field) of the class and write ` +
        `callback: this.${isAnonymous ? 'parseItem' : name}; requests are stored with the name of their callback`,
    );
  }
}
