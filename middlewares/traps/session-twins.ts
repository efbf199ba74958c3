import { createHash } from 'node:crypto';
import { forgetOldest } from '../../src/api.ts';

const MOST_KNOWN = 100_000;
/** `;jsessionid=…` behind a path, or an argument of one of the names that servers give to sessions. */
const SESSION =
  /[;?&](?:jsessionid|phpsessid|aspsessionid[a-z]{0,16}|asp\.net_sessionid|sid|sess|sessid|session|session_?id|zenid|oscsid|cfid|cftoken)=([^&;?#]{16,})/gi;

/** Finds addresses of one page that differ in nothing but a session's id. Remembers the last 100,000 such pages. */
export class SessionTwins {
  readonly #known = new Map<string, string>();

  /** Whether the same address was asked about before, with another session. */
  isTwin(url: string): boolean {
    const ids: string[] = [];
    const bare = url.replace(SESSION, (_, id: string) => {
      ids.push(id);
      return '';
    });
    if (ids.length === 0) return false;
    const page = short(bare.replace(/[?&]+$/, ''));
    const session = short(ids.join('\n'));
    const known = this.#known.get(page);
    if (known !== undefined) return known !== session;
    this.#known.set(page, session);
    if (this.#known.size > MOST_KNOWN) forgetOldest(this.#known);
    return false;
  }
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
