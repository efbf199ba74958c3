import type { Fingerprint } from './fingerprint.ts';
import type { Request } from './request.ts';

/** A request on its way into the queue, with all that the scheduler must know and need not compute. */
export interface Candidate {
  readonly request: Request;
  /** Its identity, for the duplicate filter too. */
  readonly fingerprint: Fingerprint;
  /** What the duplicate filter takes it for; its fingerprint is recorded too. @defaultValue its fingerprint */
  readonly seenAs?: Fingerprint | undefined;
  /** The throttling group: `meta.downloadSlot`, else by `settings.throttleScope`. */
  readonly host: string;
  /** Scheme, host and port: what robots.txt is valid for. */
  readonly origin: string;
  /** Whether the duplicate filter may refuse it; it is recorded either way. */
  readonly filtered: boolean;
  /** Name of the spider's method for the response; undefined: `parse`. */
  readonly callback?: string | undefined;
  /** Name of the spider's method for a failure. */
  readonly errback?: string | undefined;
}
