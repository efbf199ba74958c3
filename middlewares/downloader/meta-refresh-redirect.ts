import {
  type DownloaderMiddleware,
  type Factory,
  metaRefresh,
  named,
  type Request,
  type Response,
} from '../../src/api.ts';
import { parseReferrerPolicy } from '../referrer-policy.ts';
import { redirectRules } from './redirect.ts';
import { redirectTarget, redirectUrl } from './redirect-target.ts';

/** Options of {@link metaRefreshRedirect}. */
export interface MetaRefreshRedirectOptions {
  /** Longest delay that is followed, in seconds. @defaultValue `settings.metaRefreshMaxDelaySeconds` */
  readonly maxDelaySeconds?: number;
  /** Most hops of one request. @defaultValue `settings.maxRedirects` */
  readonly maxRedirects?: number;
}

const REASON = 'meta refresh';
const HEAD_BYTES = 65_536;

/** Follows `<meta http-equiv="refresh">` of HTML pages at once, by the rules of redirects. */
export function metaRefreshRedirect(options: MetaRefreshRedirectOptions = {}): Factory<DownloaderMiddleware> {
  return named('meta-refresh', ({ settings, logger }) => {
    if (!settings.metaRefresh) return undefined;
    const { maxDelaySeconds = settings.metaRefreshMaxDelaySeconds } = options;
    const rules = redirectRules(settings, options);
    return {
      name: 'meta-refresh',
      processResponse(response, { request }) {
        if (isHandled(request) || !mayRefresh(response)) return undefined;
        const found = metaRefresh(response.text, response.baseUrl);
        if (found === null || found.seconds > maxDelaySeconds) return undefined;
        const url = redirectUrl(found.url, request.url);
        if (url === undefined || isReload(request)) return undefined;
        const referrerPolicy = parseReferrerPolicy(response.headers.get('referrer-policy'));
        const hop = { url, reason: REASON, becomesGet: true, referrerPolicy } as const;
        if (logger.isEnabled('debug')) logger.debug(REASON, { url: request.url, to: url });
        return redirectTarget(request, hop, rules);
      },
    };
  });
}

function isHandled({ method, meta }: Request): boolean {
  return method === 'HEAD' || meta.dontRedirect === true || meta.handleAllStatuses === true;
}

/** Looks at bytes first: most pages have none, and need not be decoded to know it. */
function mayRefresh({ kind, body }: Response): boolean {
  if (kind !== 'html') return false;
  return /refresh/i.test(
    Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, HEAD_BYTES)).toString('latin1'),
  );
}

/** A page that keeps itself fresh has been asked again once; now it is the page that was wanted. */
function isReload({ url, meta }: Request): boolean {
  return (meta.redirects ?? []).some((hop) => hop.reason === REASON && hop.url === url);
}
