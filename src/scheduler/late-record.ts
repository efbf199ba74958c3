import type { QueuedRequest } from './queued-request.ts';
import { storedRequest } from './stored-request.ts';

/**
 * The record of a request that entered its queue. It is made when its batch is written, so that a page with thousands
 * of links does not hold up all others; or before, when the request is lent and may change from then on.
 */
export class LateRecord {
  readonly #entry: QueuedRequest;
  #text: string | undefined;

  constructor(entry: QueuedRequest) {
    this.#entry = entry;
  }

  /** The request may change from now on: the record does not. */
  fix(): void {
    this.#text ??= storedRequest(this.#entry);
  }

  /** The record for its batch. Nobody asks twice. */
  take(): string {
    if (this.#entry.record === this) this.#entry.record = undefined;
    return this.#text ?? storedRequest(this.#entry);
  }
}
