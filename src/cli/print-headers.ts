import type { Response, WireExchange } from '../api.ts';
import { HeaderMap } from '../values/header-map.ts';

/**
 * The headers of a request and its answer as curl shows them: `>` sent, `<` received.
 *
 * @param exchange what went over the network; undefined: the answer came from a cache or an archive.
 */
export function printedHeaders(
  { request, status, headers, url }: Response,
  exchange: WireExchange | undefined,
): string {
  const { pathname, search, host } = new URL(url);
  const sent = exchange?.requestHeaders ?? [['host', host], ...request.headers];
  const received = exchange === undefined ? headers : HeaderMap.fromRaw(exchange.rawHeaders);
  const lines = [
    `> ${request.method} ${exchange?.target ?? pathname + search}`,
    ...sent.map(([name, value]) => `> ${name.toLowerCase()}: ${value}`),
    '>',
    `< ${status}`,
    ...[...received].map(([name, value]) => `< ${name}: ${value}`),
  ];
  return `${lines.join('\n')}\n`;
}
