import { randomBytes } from 'node:crypto';
import type { Sealer } from './sealer.ts';

const COOKIE = 'session';

/** What the quotes area knows of a visitor; it lives in the visitor's cookie. */
export interface Session {
  /** What a login form must send back. */
  readonly token: string;
  /** Name of who is logged in, or ''. */
  readonly user: string;
}

/** A session for who has none. */
export function newSession(): Session {
  return { token: randomBytes(16).toString('hex'), user: '' };
}

/** The session in a Cookie header, if it is one of ours. */
export function readSession(cookies: string, sealer: Sealer): Session | undefined {
  for (const pair of cookies.split(';')) {
    const [name = '', value = ''] = pair.trim().split('=', 2);
    const opened = name === COOKIE ? sealer.open(value) : undefined;
    if (opened === undefined) continue;
    const [token = '', user = ''] = opened.split('\n', 2);
    return { token, user };
  }
  return undefined;
}

/** The Set-Cookie value that stores a session; none: that takes it away. */
export function sessionCookie(session: Session | undefined, sealer: Sealer): string {
  const attributes = 'Path=/quotes; HttpOnly; SameSite=Lax';
  if (session === undefined) return `${COOKIE}=; ${attributes}; Max-Age=0`;
  return `${COOKIE}=${sealer.seal(`${session.token}\n${session.user}`)}; ${attributes}`;
}
