import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { HostLimits } from '../../contracts/scheduler.ts';
import { errorMessage } from '../../errors/crawl-error.ts';
import { SettingsError } from '../../errors/settings-error.ts';
import { checkSetting } from '../../settings/check-setting.ts';

/** What a control server may do with its crawl. */
export interface ControlledCrawl {
  /** Plain data for `/status`. */
  status(): object;
  stop(reason: string): void;
  pause(): void;
  resume(): void;
  setHostLimits(host: string, limits: HostLimits): void;
}

interface Reply {
  readonly status: number;
  readonly body: object;
}

/** What stands in the file. */
interface Announcement {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
}

const ADDRESS = '127.0.0.1';
const TOKEN_BYTES = 32;
const MOST_BODY_BYTES = 64 * 1024;
const MOST_CONNECTIONS = 16;
/** A crawl that runs answers sooner. */
const ANSWER_MS = 2000;

/**
 * Answers on loopback for one crawl, as long as it runs: what it does, and steps to stop, pause and slow it. Who asks
 * needs the token, which stands in a file of the owner's (0600). Commands are fixed: nothing that comes in is run.
 */
export class ControlServer {
  readonly #file: string;
  readonly #crawl: ControlledCrawl;
  readonly #token = randomBytes(TOKEN_BYTES).toString('base64url');
  readonly #server: Server;
  #isPaused = false;

  private constructor(file: string, crawl: ControlledCrawl) {
    this.#file = file;
    this.#crawl = crawl;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.maxConnections = MOST_CONNECTIONS;
    // A crawl that has nothing else to do may end.
    this.#server.unref();
  }

  /**
   * Listens on a port that the system chooses, and writes address and token to a file.
   *
   * @throws SettingsError when the file cannot be written, or is that of another crawl that runs.
   */
  static async open(file: string, crawl: ControlledCrawl): Promise<ControlServer> {
    const owner = await announcedIn(file);
    if (owner !== undefined && (await isAnswering(owner))) {
      throw new SettingsError(
        `controlFile: ${file} is that of a crawl that runs (process ${owner.pid}); name another file`,
      );
    }
    const server = new ControlServer(file, crawl);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject).listen(0, ADDRESS, resolve);
    });
    try {
      await server.#announce();
    } catch (cause) {
      await server.close();
      throw new SettingsError(
        `controlFile: cannot write ${file}: ${errorMessage(cause)}; name a file in a folder that exists`,
        { cause },
      );
    }
    return server;
  }

  /** Listens no more, and takes the file away, unless another crawl has taken it over. */
  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    const { token } = (await announcedIn(this.#file)) ?? {};
    if (token === this.#token) await rm(this.#file, { force: true }).catch(() => {});
  }

  get #host(): string {
    return `${ADDRESS}:${(this.#server.address() as AddressInfo).port}`;
  }

  async #announce(): Promise<void> {
    const own: Announcement = { url: `http://${this.#host}`, token: this.#token, pid: process.pid };
    const text = `${JSON.stringify(own)}\n`;
    // Never into what is there already: it may be a link, or readable by others.
    const temporary = `${this.#file}.${randomBytes(6).toString('hex')}`;
    try {
      await writeFile(temporary, text, { mode: 0o600, flag: 'wx' });
      await rename(temporary, this.#file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let reply: Reply;
    try {
      reply = this.#refusal(request) ?? (await this.#answer(request));
    } catch (error) {
      reply = refused(error instanceof SettingsError ? 400 : 500, errorMessage(error));
    }
    response.writeHead(reply.status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(`${JSON.stringify(reply.body)}\n`);
  }

  /** Pages in a browser can send requests here too: by an address of their own, or with their origin. */
  #refusal({ headers }: IncomingMessage): Reply | undefined {
    if (headers.host !== this.#host || headers.origin !== undefined) return refused(403, 'not for web pages');
    const [, given = ''] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
    const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
    if (timingSafeEqual(digest(given), digest(this.#token))) return undefined;
    return refused(401, `the token of ${this.#file} is wanted: Authorization: Bearer TOKEN`);
  }

  async #answer(request: IncomingMessage): Promise<Reply> {
    const { method, url } = request;
    switch (`${method} ${url}`) {
      case 'GET /status':
        return this.#status();
      case 'POST /stop':
        this.#crawl.stop('shutdown');
        return this.#status();
      case 'POST /pause':
        this.#crawl.pause();
        this.#isPaused = true;
        return this.#status();
      case 'POST /resume':
        this.#crawl.resume();
        this.#isPaused = false;
        return this.#status();
      case 'POST /limits':
        return this.#limit(await sentObject(request));
      default:
        return refused(404, 'there are GET /status, POST /stop, /pause, /resume and /limits');
    }
  }

  #limit(hosts: unknown): Reply {
    checkSetting('hostLimits', hosts, 'POST /limits');
    for (const [host, limits] of Object.entries(hosts as Record<string, HostLimits>))
      this.#crawl.setHostLimits(host, limits);
    return this.#status();
  }

  #status(): Reply {
    return { status: 200, body: { ...this.#crawl.status(), isPaused: this.#isPaused } };
  }
}

/** Undefined: there is no file, or it is not that of a control server. */
async function announcedIn(file: string): Promise<Announcement | undefined> {
  try {
    const { url, token, pid } = JSON.parse(await readFile(file, 'utf8'));
    const isOurs = /^http:\/\/127\.0\.0\.1:\d+$/.test(url) && typeof token === 'string';
    return isOurs ? { url, token, pid: Number(pid) } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether that crawl runs: a process that was killed leaves its file behind, and its number and port to others. */
async function isAnswering({ url, token }: Announcement): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  const signal = AbortSignal.timeout(ANSWER_MS);
  try {
    const answer = await fetch(`${url}/status`, { headers, signal, redirect: 'error' });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

function refused(status: number, error: string): Reply {
  return { status, body: { error } };
}

/** @throws SettingsError where it is no JSON, or more than a few lines of it. */
async function sentObject(request: IncomingMessage): Promise<unknown> {
  if (Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY) > MOST_BODY_BYTES)
    throw new SettingsError(`POST /limits: a Content-Length of at most ${MOST_BODY_BYTES} is wanted`);
  try {
    return JSON.parse((await buffer(request)).toString('utf8'));
  } catch (cause) {
    throw new SettingsError(`POST /limits: the body must be JSON: {"site.test": {"delayMs": 5000}}`, {
      cause,
    });
  }
}
