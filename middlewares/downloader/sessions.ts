import {
  type ComponentContext,
  type DownloaderMiddleware,
  type Factory,
  forgetOldest,
  named,
  type Request,
  type Response,
  type RetryLater,
  type SessionSettings,
  SettingsError,
  type Unit,
} from '../../src/api.ts';
import { askForRetry, retryDecision, retryRules } from './retry.ts';
import { bindSession, type Session, sessionOf } from './session-of.ts';

/** What is kept of a session; its cookies are with the cookie jars. */
interface SessionRecord {
  generation: number;
  /** Answers of this generation. */
  uses: number;
  /** Downloads that failed since the last answer. */
  failures: number;
  /** Which of the proxies and which of the identities it has. */
  share: number;
}

const MOST_SESSIONS = 10_000;
const BLOCKED = 'session blocked';
/** Each goes to every host that a session visits. */
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization']);

/**
 * Sessions: cookies, proxy and headers as one unit. `meta.session` names the one of a request; others share a pool,
 * each host keeping to one of it. A session that is blocked, worn out or whose downloads fail begins anew with an
 * empty cookie jar, the next proxy and the next identity, and a blocked page is tried again with it, as often as
 * `retryTimes` allows. A job keeps them.
 *
 * @param options - Defaults to `settings.sessions`.
 * @throws SettingsError when headers hold credentials: they would go to every host.
 */
export function sessions(options?: SessionSettings): Factory<DownloaderMiddleware> {
  return named(
    'sessions',
    (context) => new Sessions(context, options ?? context.settings.sessions ?? ONLY_NAMED),
  );
}

/** Without settings, `meta.session` still keeps the cookies of sessions apart. */
const ONLY_NAMED: SessionSettings = { pool: 0 };

class Sessions implements DownloaderMiddleware {
  readonly name = 'sessions';
  readonly #context: ComponentContext;
  readonly #rules: SessionSettings;
  readonly #blocked: ReadonlySet<number>;
  /** The one unused for longest first. */
  readonly #records = new Map<string, SessionRecord>();
  #dealt = 0;

  constructor(context: ComponentContext, rules: SessionSettings) {
    this.#context = context;
    this.#rules = rules;
    this.#blocked = new Set(rules.blockedStatuses ?? [401, 403, 429]);
    for (const headers of rules.identities ?? []) checkHeaders(headers);
    const state = context.state('sessions');
    for (const [name, record] of storedRecords(state.sessions)) this.#records.set(name, record);
    this.#dealt = Math.max(0, ...[...this.#records.values()].map(({ share }) => share + 1));
    state.sessions = { toJSON: () => [...this.#records] };
  }

  processRequest(request: Request, unit: Unit): void {
    if (!request.url.startsWith('http')) return;
    const { session: named } = request.meta;
    const name = named === undefined ? this.#pooled(request) : named;
    if (name === null) return;
    const session = this.#session(name);
    bindSession(unit, session);
    for (const [header, value] of Object.entries(session.headers)) {
      if (!request.headers.has(header)) unit.headers.set(header, value);
    }
  }

  processResponse(response: Response, unit: Unit): RetryLater | undefined {
    const session = sessionOf(unit);
    const record = session && this.#records.get(session.name);
    // What was asked under an earlier generation says nothing about this one.
    const isCurrent = record !== undefined && record.generation === session?.generation;
    if (session === undefined || response.flags.includes('cached')) return undefined;
    if (!this.#isBlock(response)) {
      if (isCurrent) this.#used(session, record);
      return undefined;
    }
    if (isCurrent) this.#beginAnew(session, record, `blocked: status ${response.status}`);
    return this.#again(response, unit);
  }

  processException(_error: unknown, unit: Unit): undefined {
    const session = sessionOf(unit);
    const record = session && this.#records.get(session.name);
    if (session === undefined || record === undefined || record.generation !== session.generation) return;
    record.failures += 1;
    const { maxFailures = 3 } = this.#rules;
    if (record.failures >= maxFailures)
      this.#beginAnew(session, record, `${record.failures} failures in a row`);
  }

  #used(session: Session, record: SessionRecord): void {
    record.uses += 1;
    record.failures = 0;
    const { maxUses = Number.POSITIVE_INFINITY } = this.#rules;
    if (record.uses >= maxUses) this.#beginAnew(session, record, `${record.uses} uses`);
  }

  #isBlock(response: Response): boolean {
    const { isBlocked } = this.#rules;
    return isBlocked === undefined ? this.#blocked.has(response.status) : isBlocked(response);
  }

  #beginAnew({ name }: Session, record: SessionRecord, why: string): void {
    const { stats, logger } = this.#context;
    stats.inc('session/rotated_count');
    record.generation += 1;
    record.uses = 0;
    record.failures = 0;
    record.share = this.#dealt++;
    logger.info(`session ${name} begins anew: ${why}`, { session: name, generation: record.generation });
  }

  /** Statuses that the retry middleware knows are left to it: it knows of Retry-After too. */
  #again({ status }: Response, unit: Unit): RetryLater | undefined {
    const { settings, stats, random } = this.#context;
    const { request, retries } = unit;
    if (!settings.retry || settings.retryStatuses.includes(status)) return undefined;
    const rules = retryRules(settings, { statuses: [status] });
    const decision = retryDecision({ status }, request, retries, rules, random);
    return decision.retry ? askForRetry(decision, unit, BLOCKED, stats) : undefined;
  }

  /** A host keeps to one session of the pool: a visitor does not change from page to page. */
  #pooled(request: Request): string | null {
    const { pool = 1 } = this.#rules;
    if (pool === 0) return null;
    return `pool-${1 + (hashOf(this.#context.hosts.of(request)) % pool)}`;
  }

  #session(name: string): Session {
    const record = this.#record(name);
    const { proxies = [], identities = [] } = this.#rules;
    const { generation, share } = record;
    return {
      name,
      generation,
      cookieJar: generation === 0 ? name : `${name}#${generation}`,
      proxy: proxies[share % proxies.length],
      headers: identities[share % identities.length] ?? {},
    };
  }

  #record(name: string): SessionRecord {
    const known = this.#records.get(name);
    const record = known ?? { generation: 0, uses: 0, failures: 0, share: this.#dealt++ };
    if (known !== undefined) this.#records.delete(name);
    else if (this.#records.size >= MOST_SESSIONS) forgetOldest(this.#records);
    this.#records.set(name, record);
    return record;
  }
}

function checkHeaders(headers: Readonly<Record<string, string>>): void {
  const secret = Object.keys(headers).find((name) => CREDENTIALS.has(name.toLowerCase()));
  if (secret === undefined) return;
  throw new SettingsError(
    `sessions.identities: ${secret} would go to every host; log in by a request with meta.session, or use meta.httpUser`,
  );
}

function storedRecords(stored: unknown): readonly (readonly [string, SessionRecord])[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter(
    (one): one is [string, SessionRecord] => Array.isArray(one) && typeof one[0] === 'string',
  );
}

/** FNV-1a: the same session for a host in each run. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
