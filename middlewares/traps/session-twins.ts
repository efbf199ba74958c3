import { createHash } from 'node:crypto';
import { forgetOldest } from '../../src/api.ts';

const MOST_KNOWN = 100_000;
/** `;jsessionid=…` behind a path, or an argument of one of the names that servers give to sessions. */
const SESSION =
  /[;?&](?:jsessionid|phpsessid|aspsessionid[a-z]{0,16}|asp\.net_sessionid|sid|sess|sessid|session|session_?id|zenid|oscsid|cfid|cftoken)=([^&;?#]{16,})/gi;

/** One try at a page that leads somewhere. */
export interface Origin {
  readonly url: string;
  readonly retries: number;
}

/** The session that an address was met with first, and where. */
interface Met {
  readonly session: string;
  readonly page: string;
  readonly retries: number;
}

/** Finds addresses of one page that differ in nothing but a session's id. Remembers the last 100,000 such pages. */
export class SessionTwins {
  readonly #known = new Map<string, Met>();

  /**
   * Whether the address was met before with another session. What an earlier try at the same page gave was thrown away:
   * its session counts no more.
   */
  isTwin(url: string, origin: Origin): boolean {
    const ids: string[] = [];
    const bare = url.replace(SESSION, (_, id: string) => {
      ids.push(id);
      return '';
    });
    if (ids.length === 0) return false;
    const address = short(bare.replace(/[?&]+$/, ''));
    const now: Met = { session: short(ids.join('\n')), page: short(origin.url), retries: origin.retries };
    const before = this.#known.get(address);
    if (before !== undefined && !isTakenBack(before, now)) return before.session !== now.session;
    this.#known.set(address, now);
    if (this.#known.size > MOST_KNOWN) forgetOldest(this.#known);
    return false;
  }
}

function isTakenBack(before: Met, now: Met): boolean {
  return before.page === now.page && before.retries < now.retries;
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
