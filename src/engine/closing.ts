import type { Logger } from '../contracts/logger.ts';
import { errorMessage } from '../errors/crawl-error.ts';

/** Why a crawl ends, decided once; faults on the way out are collected and hinder no later step. */
export class Closing {
  readonly #logger: Logger;
  #reason: string | undefined;
  #error: Error | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** The reason; undefined while the crawl goes on. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** The first fault that ended the crawl or happened while it closed. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** Asks for the end; the first reason stays, the first fault too. Whether this was the first call. */
  request(reason: string, error?: unknown): boolean {
    if (error !== undefined) this.#error ??= error instanceof Error ? error : new Error(String(error));
    if (this.#reason !== undefined) return false;
    this.#reason = reason;
    return true;
  }

  /** Runs one step of the way out; whether it went well. */
  async step(name: string, run: () => unknown): Promise<boolean> {
    try {
      await run();
      return true;
    } catch (error) {
      const text = errorMessage(error);
      // One fault may fail several steps, a full disk under a job all of them; the crawl's end tells of it.
      const isKnown = this.#error !== undefined && errorMessage(this.#error) === text;
      this.#error ??= error instanceof Error ? error : new Error(String(error));
      this.#logger[isKnown ? 'debug' : 'error'](`${name} failed to close: ${text}`, { error });
      return false;
    }
  }
}
