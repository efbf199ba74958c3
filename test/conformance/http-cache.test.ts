import {
  cachedFreshness,
  confirmsCached,
  type HttpCacheRules,
  mayCacheRequest,
  mayCacheResponse,
} from '../../middlewares/index.ts';
import { HeaderMap } from '../../src/values/header-map.ts';
import { Request } from '../../src/values/request.ts';
import { cases } from './load.ts';

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

interface Question {
  readonly op: 'storeRequest' | 'storeResponse' | 'fresh' | 'valid';
  /** Seconds since 1970. */
  readonly now: number;
  readonly request: { readonly url: string; readonly headers?: Answer['headers'] };
  readonly response?: Answer;
  readonly revalidation?: Answer;
  readonly settings?: HttpCacheRules;
}

cases<Question>('http-cache', ({ op, now, request: asked, response, revalidation, settings = {} }) => {
  const request = new Request(asked.url, { headers: asked.headers ?? {} });
  if (op === 'storeRequest') return mayCacheRequest(request, settings);
  if (op === 'storeResponse') return mayCacheResponse(answer(response), settings);
  if (op === 'valid') return confirmsCached(answer(response), answer(revalidation), settings);
  return cachedFreshness(answer(response), request, settings, now * 1000);
});

function answer({ status = 200, headers = {} }: Answer = {}): { status: number; headers: HeaderMap } {
  return { status, headers: new HeaderMap(headers) };
}
