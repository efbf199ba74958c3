import { errorMessage, errorName } from '../../src/api.ts';
import type { MediaFailure } from './media-options.ts';

/** An answer that gives no file. */
export class MediaError extends Error {
  /** See {@link MediaFailure.reason}. */
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A failure as items and stats tell it. */
export function mediaFailure(url: string, thrown: unknown): MediaFailure {
  const error = thrown instanceof Error ? thrown : new Error(errorMessage(thrown));
  const reason = error instanceof MediaError ? error.reason : errorName(error);
  return { url, reason, error };
}
