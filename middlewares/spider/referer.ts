import {
  type Factory,
  isRequest,
  named,
  type Request,
  type Response,
  type SpiderMiddleware,
} from '../../src/api.ts';
import {
  parseReferrerPolicy,
  type Referrer,
  type ReferrerPolicy,
  refererFor,
  referrerOf,
  settingsReferrerPolicy,
} from '../referrer-policy.ts';

/** Options of {@link referer}. */
export interface RefererOptions {
  /** Name of a policy of the W3C, or `default`. @defaultValue `settings.referrerPolicy` */
  readonly policy?: string;
}

/** What a page says about the requests found on it. */
interface Page {
  readonly referrer: Referrer | undefined;
  readonly policy: ReferrerPolicy | undefined;
}

/**
 * Tells servers which page a request was found on, as far as the policy allows: `meta.referrerPolicy` of the
 * request, else the page's Referrer-Policy header, else the setting.
 */
export function referer(options: RefererOptions = {}): Factory<SpiderMiddleware> {
  return named('referer', ({ settings }) => {
    if (!settings.referer) return undefined;
    const usual = settingsReferrerPolicy(options.policy ?? settings.referrerPolicy);
    const pages = new WeakMap<Response, Page>();

    const pageOf = (response: Response): Page => {
      let page = pages.get(response);
      if (page === undefined) {
        const header = response.headers.get('referrer-policy');
        page = { referrer: referrerOf(response.url), policy: parseReferrerPolicy(header) };
        pages.set(response, page);
      }
      return page;
    };

    const policyFor = ({ meta }: Request, page: Page): ReferrerPolicy =>
      (meta.referrerPolicy === undefined ? page.policy : parseReferrerPolicy(meta.referrerPolicy)) ?? usual;

    return {
      name: 'referer',
      processOutput(output, { response }) {
        if (response === undefined || !isRequest(output)) return;
        const page = pageOf(response);
        if (page.referrer === undefined || output.headers.has('referer')) return;
        const value = refererFor(page.referrer, output.url, policyFor(output, page));
        // In place: a copy of every request found would cost more than the rest of this chain.
        if (value !== undefined) output.headers.set('Referer', value);
      },
    };
  });
}
