import type { Logger } from '../contracts/logger.ts';
import type { SignalHandler, SignalMap, SignalName, Signals } from '../contracts/signal.ts';
import { errorMessage } from '../errors/crawl-error.ts';

type AnyHandler = (data: never) => void | Promise<void>;

/** Calls the handlers of a signal together; a failing one is logged and hinders nobody. */
export class SignalBus implements Signals {
  readonly #handlers = new Map<SignalName, Set<AnyHandler>>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  on<Name extends SignalName>(name: Name, handler: SignalHandler<Name>): () => void {
    const handlers = this.#handlers.get(name) ?? new Set();
    this.#handlers.set(name, handlers);
    // A wrapper of its own, so that a handler may be connected twice and disconnected once.
    const entry: AnyHandler = (data) => handler(data);
    handlers.add(entry);
    return () => {
      handlers.delete(entry);
    };
  }

  has(name: SignalName): boolean {
    return (this.#handlers.get(name)?.size ?? 0) > 0;
  }

  emit<Name extends SignalName>(name: Name, data: SignalMap[Name]): Promise<void> | undefined {
    const handlers = this.#handlers.get(name);
    if (handlers === undefined || handlers.size === 0) return undefined;
    return Promise.all([...handlers].map((handler) => this.#call(name, handler, data as never))).then(
      () => {},
    );
  }

  async #call(name: SignalName, handler: AnyHandler, data: never): Promise<void> {
    try {
      await handler(data);
    } catch (error) {
      this.#logger.error(`a handler of ${name} failed: ${errorMessage(error)}`, { error });
    }
  }
}
