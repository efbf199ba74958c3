import {
  type ComponentContext,
  type DownloaderMiddleware,
  type Factory,
  forgetOldest,
  named,
  type Request,
  type Response,
  type Unit,
} from '../../src/api.ts';
import { CookieSession, ownCookieHeader } from './cookie-session.ts';
import { sessionOf } from './session-of.ts';

/**
 * Keeps the cookies that sites set and sends them where they belong (RFC 6265, public suffix list). Each
 * `meta.cookieJar`, else each session, has a jar of its own. A request's `cookies` join its session; a Cookie header made by hand
 * is sent only by requests without one: with `meta.dontMergeCookies`, or with `settings.cookies` off. A job keeps the
 * sessions; after a crash they are at most some batches old. Of more than 10,000 the ones unused for longest are
 * forgotten.
 */
export function cookies(): Factory<DownloaderMiddleware> {
  return named('cookies', (context) => new Cookies(context));
}

const HEADER = 'Cookie';
const MOST_PER_ANSWER = 180;
const MOST_SESSIONS = 10_000;

class Cookies implements DownloaderMiddleware {
  readonly name = 'cookies';
  readonly #context: ComponentContext;
  /** The one unused for longest first. */
  readonly #sessions = new Map<string | undefined, CookieSession>();
  #hasWarned = false;
  #hasForgotten = false;

  constructor(context: ComponentContext) {
    this.#context = context;
    if (!context.settings.cookies) return;
    const state = context.state('cookies');
    for (const { jar, cookies } of storedSessions(state.sessions))
      this.#sessions.set(jar, CookieSession.from(cookies));
    // Asked at each batch of a job: a session writes itself anew only when one of its cookies has changed.
    state.sessions = { toJSON: () => [...this.#sessions].map(([jar, cookies]) => ({ jar, cookies })) };
  }

  processRequest(request: Request, unit: Unit): void {
    if (!request.url.startsWith('http')) return;
    const { headers } = unit;
    const session = this.#sessionOf(unit);
    if (session !== undefined) {
      if (request.cookies !== undefined) this.#add(session, request);
      if (isForbidden(request)) return;
      if (headers.has(HEADER)) this.#warnOfHeader(request);
    } else if (headers.has(HEADER)) {
      return;
    }
    const value =
      session === undefined ? ownCookieHeader(request.cookies ?? {}) : session.header(request.url);
    if (value === undefined) headers.delete(HEADER);
    else headers.set(HEADER, value);
    if (value !== undefined) this.#log('sent to', request, value.split('; '));
  }

  processResponse({ headers }: Response, unit: Unit): void {
    const { request } = unit;
    const received = headers.getAll('set-cookie');
    if (received.length === 0) return;
    const session = this.#sessionOf(unit);
    if (session === undefined) return;
    for (const line of received.slice(0, MOST_PER_ANSWER)) session.receive(line, request.url);
    this.#log('received from', request, received);
  }

  #sessionOf(unit: Unit): CookieSession | undefined {
    const { meta } = unit.request;
    if (!this.#context.settings.cookies || meta.dontMergeCookies === true) return undefined;
    const cookieJar = meta.cookieJar ?? sessionOf(unit)?.cookieJar;
    const known = this.#sessions.get(cookieJar);
    if (known === undefined && this.#sessions.size >= MOST_SESSIONS) this.#forgetOne();
    const session = known ?? new CookieSession();
    if (known !== undefined) this.#sessions.delete(cookieJar);
    this.#sessions.set(cookieJar, session);
    return session;
  }

  #forgetOne(): void {
    forgetOldest(this.#sessions);
    if (this.#hasForgotten) return;
    this.#hasForgotten = true;
    this.#context.logger.warn(
      `more than ${MOST_SESSIONS} cookie jars: those unused for longest are forgotten (see meta.cookieJar)`,
    );
  }

  #add(session: CookieSession, { cookies = {}, url }: Request): void {
    const refused = session.add(cookies, url);
    if (refused.length > 0) {
      this.#context.logger.warn(`cookies ${refused.join(', ')} do not belong to their request`, { url });
    }
  }

  #warnOfHeader({ url }: Request): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#context.logger.warn(
      'a Cookie header made by hand is not sent beside a cookie jar: ' +
        'use the option cookies of the request, or meta.dontMergeCookies',
      { url },
    );
  }

  /** Names only: values are secrets. */
  #log(what: string, { url }: Request, pairs: readonly string[]): void {
    if (!this.#context.settings.cookiesDebug || pairs.length === 0) return;
    const names = pairs.map((pair) => pair.split('=', 1)[0]?.trim());
    this.#context.logger.info(`cookies ${what} ${url}: ${names.map((name) => `${name} ***`).join(', ')}`);
  }
}

interface StoredSession {
  readonly jar?: string;
  readonly cookies: readonly unknown[];
}

function storedSessions(stored: unknown): readonly StoredSession[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter((one: Partial<StoredSession> | null) => Array.isArray(one?.cookies));
}

/** The request says that no Cookie header is to be sent. */
function isForbidden({ headers }: Request): boolean {
  return headers.has(HEADER) && headers.get(HEADER) === undefined;
}
