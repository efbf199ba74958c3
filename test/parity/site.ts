import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What is answered; text alone is a page of HTML. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/** A path's answer: the same each time, or made for each request. */
export type Route = string | Answer | ((request: Arrived) => string | Answer | Promise<string | Answer>);

/** A site on loopback that lives as long as the test. */
export interface Site {
  readonly origin: string;
  /** What arrived but robots.txt, in order. */
  readonly arrived: readonly Arrived[];
  /** Paths of what arrived, in order. */
  readonly paths: readonly string[];
  url(path: string): string;
}

/** Serves `routes` by path (with its query, else without it); 404 for all others. */
export async function site(routes: Readonly<Record<string, Route>>): Promise<Site> {
  const arrived: Arrived[] = [];
  const paths: string[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const request = { method, path, headers, body: (await buffer(incoming)).toString('utf8') };
    if (path !== '/robots.txt') {
      arrived.push(request);
      paths.push(path);
    }
    const route = routes[path] ?? routes[path.replace(/\?.*/, '')] ?? { status: 404, body: 'not found' };
    const given = typeof route === 'function' ? await route(request) : route;
    const {
      status = 200,
      headers: fields = {},
      body = '',
    } = typeof given === 'string' ? { body: given } : given;
    for (const [name, value] of Object.entries(fields)) outgoing.setHeader(name, value);
    if (!outgoing.hasHeader('content-type')) outgoing.setHeader('Content-Type', 'text/html; charset=utf-8');
    outgoing.writeHead(status);
    outgoing.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    arrived,
    paths,
    url: (path) => origin + path,
  };
}
