import type { ArgumentSpec } from '../../../src/contracts/spider.ts';
import { attachSpider, type Spider } from '../../../src/spider/spider.ts';
import { isRequest, type Request } from '../../../src/values/request.ts';
import { Response } from '../../../src/values/response.ts';

interface ReadySpider<Item extends object> {
  new (): Spider<Item, object>;
  readonly args: Readonly<Record<string, ArgumentSpec>>;
}

const MOST_PAGES = 5000;
const AT_ONCE = 8;

/**
 * What a spider's callbacks give when its requests are simply fetched, each address once, with the cookies it was
 * given: no engine, no middlewares.
 */
export async function runSpider<Item extends object>(
  SpiderClass: ReadySpider<Item>,
  args: Readonly<Record<string, unknown>>,
): Promise<Item[]> {
  const spider = new SpiderClass();
  const defaults = Object.entries(SpiderClass.args).map(([name, spec]) => [name, spec.default]);
  const runtime = undefined as never;
  attachSpider(spider as unknown as Spider, {
    runtime,
    name: 'test',
    state: {},
    args: { ...Object.fromEntries(defaults), ...args },
  });
  const items: Item[] = [];
  const seen = new Set<string>();
  const cookies = new Map<string, string>();
  const queue = [...(spider.start() as Iterable<Request>)];
  while (queue.length > 0 && seen.size < MOST_PAGES) {
    const outputs = await Promise.all(queue.splice(0, AT_ONCE).map((request) => visit(request)));
    for (const output of outputs.flat()) {
      if (!isRequest(output)) items.push(output);
      else if (!seen.has(`${output.method} ${output.url}`)) {
        seen.add(`${output.method} ${output.url}`);
        queue.push(output);
      }
    }
  }
  return items;

  async function visit(request: Request): Promise<(Item | Request)[]> {
    const response = await download(request);
    const { callback = 'parse' } = request;
    const name = typeof callback === 'string' ? callback : callback.name;
    const method = (spider as unknown as Record<string, (page: Response) => Iterable<Item | Request>>)[name];
    return [...(method?.call(spider, response) ?? [])];
  }

  async function download(request: Request, hops = 5): Promise<Response> {
    const headers = new Headers({ cookie: [...cookies].map((pair) => pair.join('=')).join('; ') });
    const type = request.headers.get('content-type');
    if (type) headers.set('content-type', type);
    const { url, method, body } = request;
    const answer = await fetch(url, { method, headers, redirect: 'manual', ...(body && { body }) });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=');
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location && hops > 0) {
      const target = request.replace({ url: new URL(location, url), method: 'GET', body: undefined });
      return download(target, hops - 1);
    }
    return new Response(url, {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: new Uint8Array(await answer.arrayBuffer()),
      request,
    });
  }
}
