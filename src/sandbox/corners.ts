import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, redirectTo, type Visit } from './answer.ts';
import { messagePage } from './message-page.ts';

const SLOWEST_MS = 10_000;
const LONGEST_CHAIN = 100;
const MOST_KEYS = 10_000;
const EMPTY_STATUSES: ReadonlySet<number> = new Set([204, 205, 304]);

/** The parts of the site that are slow, fail or lead nowhere. */
export class Corners {
  readonly #closing: AbortSignal;
  readonly #flakyKeys = new Set<string>();

  /** @param closing aborts when the site closes; it ends all waiting. */
  constructor(closing: AbortSignal) {
    this.#closing = closing;
  }

  /** The answer of one of these places, or undefined if the path is none of them. */
  answer(visit: Visit): Answer | Promise<Answer> | undefined {
    const [, first = '', second, ...more] = visit.path.split('/');
    if (more.length > 0) return undefined;
    const number = second !== undefined && /^\d{1,3}$/.test(second) ? Number(second) : undefined;
    if (first === 'status' && number !== undefined) return statusPage(number);
    if (first === 'redirect' && number !== undefined) return chain(number);
    switch (visit.path) {
      case '/slow':
        return this.#slow(visit);
      case '/flaky':
        return this.#flaky(visit);
      case '/redirect-loop':
        return redirectTo('/redirect-loop/back');
      case '/redirect-loop/back':
        return redirectTo('/redirect-loop');
      case '/gone':
        return messagePage(410, 'Gone', 'There was a page here once.');
      case '/private/':
        return messagePage(200, 'Private', 'robots.txt forbids this page. Who reads it did not ask.');
      default:
        return undefined;
    }
  }

  async #slow({ query }: Visit): Promise<Answer> {
    const asked = Number(query.get('ms') ?? 1000);
    const waitMs = Math.min(Math.max(Number.isFinite(asked) ? asked : 1000, 0), SLOWEST_MS);
    await delay(waitMs, undefined, { signal: this.#closing });
    return messagePage(200, 'Slow', `This took ${waitMs} ms.`);
  }

  #flaky({ query }: Visit): Answer {
    const key = query.get('key')?.slice(0, 100) ?? '';
    if (this.#flakyKeys.has(key)) return messagePage(200, 'Flaky', 'It works now.');
    if (this.#flakyKeys.size < MOST_KEYS) this.#flakyKeys.add(key);
    return { ...messagePage(503, 'Flaky', 'Come again in a second.'), headers: { 'retry-after': '1' } };
  }
}

function statusPage(status: number): Answer | undefined {
  if (status < 200 || status > 599) return undefined;
  if (EMPTY_STATUSES.has(status)) return { status, type: 'text/plain; charset=utf-8', body: '' };
  return messagePage(status, `Status ${status}`, `You asked for status ${status}.`);
}

function chain(left: number): Answer | undefined {
  if (left > LONGEST_CHAIN) return undefined;
  if (left === 0) return messagePage(200, 'Arrived', 'No more redirects.');
  return redirectTo(`/redirect/${left - 1}`);
}
