import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer, Visit } from './answer.ts';
import { type FixedPage, fixedPages } from './fixed-pages.ts';
import { LivePages } from './live-pages.ts';
import { messagePage } from './message-page.ts';
import { PreparedAnswer } from './prepared-answer.ts';

/** Where the sandbox listens. */
export interface SandboxOptions {
  /** TCP port; 0 takes a free one. @defaultValue `0` */
  readonly port?: number;
  /** A loopback address or `localhost`. @defaultValue `127.0.0.1` */
  readonly host?: string;
}

/** A running sandbox. */
export interface Sandbox {
  /** Its front page, with a slash at the end: `http://127.0.0.1:8000/`. The quotes area is `quotes/` below it. */
  readonly url: string;
  readonly port: number;
  /** Requests so far by path, without query; beyond 20,000 paths they are counted as `(other)`. */
  readonly hits: ReadonlyMap<string, number>;
  /** Stops at once; open connections are cut. */
  close(): Promise<void>;
}

const LOOPBACK_ADDRESS = /^(?:localhost|::1|127(?:\.\d{1,3}){3})$/;
const LOOPBACK_HOST = /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;
const LONGEST_HOST = 255;
const MOST_COUNTED_PATHS = 20_000;
const MOST_CONNECTIONS = 1000;
const MOST_BODY_BYTES = 64 * 1024;
const KEEP_ALIVE_MS = 30_000;

/**
 * Serves the practice site: a shop of 1,000 books, a quotes area, a JSON API, sitemaps, and corners that are slow
 * or fail. It is the same in every run, listens on loopback only and answers only to loopback names.
 *
 * @throws TypeError when `host` is not a loopback address; the system's error when it cannot listen.
 */
export async function startSandbox({ port = 0, host = '127.0.0.1' }: SandboxOptions = {}): Promise<Sandbox> {
  if (!LOOPBACK_ADDRESS.test(host)) {
    throw new TypeError(
      `the sandbox listens on loopback only, not on ${host}: use 127.0.0.1, ::1 or localhost`,
    );
  }
  const site = new Site();
  const server = createServer((request, response) => {
    void site.serve(request, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxConnections = MOST_CONNECTIONS;
  await listening(server, port, host);
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/`,
    port: bound,
    hits: site.hits,
    close: () =>
      new Promise((resolve) => {
        site.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class Site {
  readonly hits = new Map<string, number>();
  readonly #closing = new AbortController();
  readonly #live = new LivePages(this.#closing.signal);
  readonly #fixed = fixedPages();
  /** As large as the map of fixed pages at most. */
  readonly #prepared = new Map<string, PreparedAnswer>();

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const prepared = await this.#answer(request);
      const { status, headers, body } = prepared.replyTo(request.headers);
      response.writeHead(status, headers);
      response.end(request.method === 'HEAD' ? undefined : body);
    } catch (error) {
      if (this.#closing.signal.aborted || response.headersSent) {
        response.destroy();
        return;
      }
      response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(`The sandbox failed: ${String(error)}\n`);
    }
  }

  close(): void {
    this.#closing.abort();
  }

  #answer(request: IncomingMessage): PreparedAnswer | Promise<PreparedAnswer> {
    const { method = 'GET', url = '/', headers } = request;
    const { host = '', cookie = '' } = headers;
    if (host.length > LONGEST_HOST || !LOOPBACK_HOST.test(host)) {
      return new PreparedAnswer(
        messagePage(421, 'Misdirected', 'The sandbox answers to loopback names only.'),
      );
    }
    const cut = url.indexOf('?');
    const path = cut === -1 ? url : url.slice(0, cut);
    this.#count(path);
    const isRead = method === 'GET' || method === 'HEAD';
    const fixed = this.#fixed.get(path);
    if (fixed !== undefined && isRead) return this.#fixedAnswer(path, fixed, cookie);
    if (!isRead && !(method === 'POST' && this.#live.takesForms(path))) {
      return new PreparedAnswer({
        ...messagePage(405, 'Not allowed', `${path} does not take ${method}.`),
        headers: { allow: this.#live.takesForms(path) ? 'GET, HEAD, POST' : 'GET, HEAD' },
      });
    }
    const query = new URLSearchParams(cut === -1 ? '' : url.slice(cut));
    return this.#liveAnswer({ method, path, query, origin: `http://${host}`, cookie }, request);
  }

  #fixedAnswer(path: string, make: FixedPage, cookie: string): PreparedAnswer {
    if (!path.startsWith('/quotes')) return this.#stored(path, () => make(''));
    const user = this.#live.user(cookie);
    const vary = 'Accept-Encoding, Cookie';
    if (user === '') return this.#stored(path, () => withHeaders(make(''), { vary }));
    return new PreparedAnswer(withHeaders(make(user), { vary, 'cache-control': 'private, no-cache' }));
  }

  #stored(path: string, make: () => Answer): PreparedAnswer {
    let prepared = this.#prepared.get(path);
    if (prepared === undefined) {
      prepared = new PreparedAnswer(make());
      this.#prepared.set(path, prepared);
    }
    return prepared;
  }

  async #liveAnswer(visit: Omit<Visit, 'form'>, request: IncomingMessage): Promise<PreparedAnswer> {
    const form = visit.method === 'POST' ? await postedForm(request) : new URLSearchParams();
    return new PreparedAnswer(form === undefined ? TOO_LARGE : await this.#page({ ...visit, form }));
  }

  async #page(visit: Visit): Promise<Answer> {
    const answer = await this.#live.answer(visit);
    return answer ?? messagePage(404, 'Not found', `There is nothing at ${visit.path.slice(0, 200)}.`);
  }

  #count(path: string): void {
    const known = this.hits.get(path);
    const key = known !== undefined || this.hits.size < MOST_COUNTED_PATHS ? path : '(other)';
    this.hits.set(key, (this.hits.get(key) ?? 0) + 1);
  }
}

const TOO_LARGE: Answer = {
  ...messagePage(413, 'Too large', `A form may have ${MOST_BODY_BYTES} bytes.`),
  headers: { connection: 'close' },
};

function withHeaders(answer: Answer, headers: Readonly<Record<string, string>>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

async function postedForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
