import { errorMessage, errorName } from '../../src/api.ts';
import type { MediaFailure } from './media-options.ts';

/** One file that cannot be had or kept; nothing is wrong with the store. */
export class MediaError extends Error {
  /** See {@link MediaFailure.reason}. */
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** A failure as items and stats tell it. */
export function mediaFailure(url: string, thrown: unknown): MediaFailure {
  const error = thrown instanceof Error ? thrown : new Error(errorMessage(thrown));
  const reason = error instanceof MediaError ? error.reason : errorName(error);
  return { url, reason, error };
}
