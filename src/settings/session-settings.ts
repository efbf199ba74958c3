import type { Response } from '../values/response.ts';

/** How sessions are dealt out and when they begin anew. */
export interface SessionSettings {
  /** How many sessions requests without `meta.session` share, each host keeping to one; 0: none. @defaultValue `1` */
  readonly pool?: number;
  /** Proxy URLs, dealt out to sessions in turn. @defaultValue those of the crawl */
  readonly proxies?: readonly string[];
  /** Sets of headers, such as a browser's, dealt out to sessions in turn; a request's own headers win. No credentials. @defaultValue none */
  readonly identities?: readonly Readonly<Record<string, string>>[];
  /** Statuses by which a site blocks a session. @defaultValue `[401, 403, 429]` */
  readonly blockedStatuses?: readonly number[];
  /** Whether an answer is a block; takes the place of `blockedStatuses`. */
  readonly isBlocked?: (response: Response) => boolean;
  /** Answers after which a session begins anew. @defaultValue no limit */
  readonly maxUses?: number;
  /** Failed downloads in a row after which a session begins anew. @defaultValue `3` */
  readonly maxFailures?: number;
}
