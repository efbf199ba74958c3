import {
  type DownloaderMiddleware,
  type Factory,
  named,
  type Request,
  type Response,
  type Settings,
  TooManyRedirectsError,
} from '../../src/api.ts';
import { parseReferrerPolicy, settingsReferrerPolicy } from '../referrer-policy.ts';
import { type RedirectRules, redirectTarget, redirectUrl } from './redirect-target.ts';

/** Options of {@link redirect}; defaults are the settings of these names. */
export interface RedirectOptions {
  /** Most hops of one request. @defaultValue `settings.maxRedirects` */
  readonly maxRedirects?: number;
  /** Added to the priority of the target. @defaultValue `settings.redirectPriorityAdjust` */
  readonly priorityAdjust?: number;
}

/** What becomes of an answer: the callback gets it, its target is asked, or the chain is too long. */
export type RedirectDecision =
  | { readonly action: 'pass' }
  | { readonly action: 'follow'; readonly request: Request }
  | { readonly action: 'drop'; readonly error: TooManyRedirectsError };

const PASS: RedirectDecision = { action: 'pass' };
const REDIRECTING: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Decides on an answer by status and Location, as the Fetch standard: POST becomes GET on 301 and 302, everything
 * but HEAD on 303. An answer that leads nowhere, or not to http or https, is handed on.
 */
export function redirectDecision(
  request: Request,
  response: Response,
  rules: RedirectRules,
): RedirectDecision {
  const { status, headers } = response;
  if (!REDIRECTING.has(status) || isHandled(status, request, rules)) return PASS;
  const location = headers.get('location');
  const url = location === undefined ? undefined : redirectUrl(decodeLocation(location), request.url);
  if (url === undefined) return PASS;
  const becomesGet = status === 303 ? !isSafe(request.method) : status <= 302 && request.method === 'POST';
  const referrerPolicy = parseReferrerPolicy(headers.get('referrer-policy'));
  try {
    const target = redirectTarget(request, { url, reason: status, becomesGet, referrerPolicy }, rules);
    return { action: 'follow', request: target };
  } catch (error) {
    if (error instanceof TooManyRedirectsError) return { action: 'drop', error };
    throw error;
  }
}

/** Follows redirects. The target is queued as a request of its own, with the same callback. */
export function redirect(options: RedirectOptions = {}): Factory<DownloaderMiddleware> {
  return named('redirect', ({ settings, logger }) => {
    if (!settings.redirect) return undefined;
    const rules = redirectRules(settings, options);
    return {
      name: 'redirect',
      processResponse(response, { request }) {
        const decision = redirectDecision(request, response, rules);
        if (decision.action === 'pass') return undefined;
        if (decision.action === 'drop') throw decision.error;
        if (logger.isEnabled('debug')) {
          logger.debug(`redirect ${response.status}`, { url: request.url, to: decision.request.url });
        }
        return decision.request;
      },
    };
  });
}

/** The rules that the settings give, but for what is given here. */
export function redirectRules(settings: Settings, options: RedirectOptions): RedirectRules {
  const { maxRedirects, redirectPriorityAdjust, handleStatuses, referrerPolicy } = settings;
  return {
    maxRedirects: options.maxRedirects ?? maxRedirects,
    priorityAdjust: options.priorityAdjust ?? redirectPriorityAdjust,
    handleStatuses,
    referrerPolicy: settingsReferrerPolicy(referrerPolicy),
  };
}

function isHandled(status: number, { meta }: Request, { handleStatuses }: RedirectRules): boolean {
  if (meta.dontRedirect === true || meta.handleAllStatuses === true) return true;
  return handleStatuses.includes(status) || (meta.handleStatuses ?? []).includes(status);
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** The bytes of the header are UTF-8 where they can be, else ISO-8859-1. */
function decodeLocation(header: string): string {
  const text = Buffer.from(header, 'latin1').toString('utf8');
  return text.includes('\ufffd') ? header : text;
}
