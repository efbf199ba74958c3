import { redirectDecision, redirectRules } from '../../middlewares/index.ts';
import { DEFAULT_SETTINGS } from '../../src/settings/default-settings.ts';
import { Request } from '../../src/values/request.ts';
import { Response } from '../../src/values/response.ts';
import { cases } from './load.ts';

interface Hop {
  readonly request: {
    readonly method?: string;
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly priority?: number;
    readonly redirectTimes?: number;
  };
  readonly response: { readonly status: number; readonly headers?: Readonly<Record<string, string>> };
  readonly settings?: {
    readonly maxRedirects?: number;
    readonly dontRedirect?: boolean;
    readonly handleStatuses?: readonly number[];
  };
}

cases<Hop>('redirects', ({ request: given, response, settings = {} }) => {
  const { url, method = 'GET', headers = {}, body = '', priority = 0, redirectTimes = 0 } = given;
  const { maxRedirects, dontRedirect = false, handleStatuses = [] } = settings;
  const before = { url: new URL('/before', url).href, reason: 302 };
  const request = new Request(url, {
    method,
    headers,
    priority,
    ...(body !== '' && { body }),
    meta: { dontRedirect, redirects: Array.from({ length: redirectTimes }, () => before) },
  });
  const rules = redirectRules(
    { ...DEFAULT_SETTINGS, handleStatuses },
    maxRedirects === undefined ? {} : { maxRedirects },
  );
  const decision = redirectDecision(request, new Response(url, { ...response, request }), rules);
  if (decision.action !== 'follow') return { action: decision.action };
  const { request: target } = decision;
  const sent = Object.entries(target.headers.toJSON()).filter(([name]) => name !== 'referer');
  return {
    action: 'follow',
    request: {
      method: target.method,
      url: target.url,
      headers: Object.fromEntries(sent),
      body: Buffer.from(target.body ?? []).toString(),
      redirectTimes: target.meta.redirects?.length ?? 0,
    },
  };
});
