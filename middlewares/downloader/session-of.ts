import type { Unit } from '../../src/api.ts';

/** What one attempt is made with: cookies, proxy and headers that belong together. */
export interface Session {
  readonly name: string;
  /** How often it has begun anew. */
  readonly generation: number;
  /** The cookie jar of this generation. */
  readonly cookieJar: string;
  /** `undefined`: as without a session. */
  readonly proxy: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

const SESSION = Symbol('session');

/** Binds an attempt to a session. */
export function bindSession(unit: Unit, session: Session): void {
  unit.notes.set(SESSION, session);
}

/** The session that an attempt is made with. */
export function sessionOf(unit: Pick<Unit, 'notes'>): Session | undefined {
  return unit.notes.get(SESSION) as Session | undefined;
}
