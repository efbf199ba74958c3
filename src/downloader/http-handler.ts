import type { Clock } from '../contracts/clock.ts';
import type { DownloadHandler } from '../contracts/downloader.ts';
import type { Logger } from '../contracts/logger.ts';
import type { Unit } from '../contracts/unit.ts';
import type { CrawlError } from '../errors/crawl-error.ts';
import { DownloadCancelledError } from '../errors/download-cancelled-error.ts';
import { ProxyError } from '../errors/proxy-error.ts';
import type { Settings } from '../settings/settings.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';
import { ConnectionPool } from './connection-pool.ts';
import { Connector, type Route, routeTo } from './connector.ts';
import { descriptorLimit } from './descriptor-limit.ts';
import { DnsCache } from './dns-cache.ts';
import { type ExchangeContext, HttpExchange } from './http-exchange.ts';
import { type ProxyAddress, parseProxy } from './proxy-address.ts';

/** What an HTTP handler is made with. */
export interface HttpHandlerOptions {
  readonly settings: Settings;
  /** Measures durations; limits run on real timers, as the network does. */
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Of all descriptors: the rest is for files, name look-ups and the user. */
const SOCKET_SHARE = 0.6;
const KEEP_ALIVE_MS = 4_000;
const MAX_PROXIES = 1_000;

/**
 * Fetches http and https over undici. Follows no redirect and keeps no cookies: that is for middlewares. Loads
 * undici as soon as it is made.
 */
export class HttpHandler implements DownloadHandler {
  readonly schemes: readonly string[] = ['http', 'https'];
  readonly #options: HttpHandlerOptions;
  readonly #connector: Connector;
  readonly #loading: Promise<ExchangeContext>;
  readonly #proxies = new Map<string, ProxyAddress>();
  #context: ExchangeContext | undefined;
  #isClosed = false;

  constructor(options: HttpHandlerOptions) {
    this.#options = options;
    this.#connector = new Connector(
      options.settings,
      new DnsCache(options.settings.dnsCacheMs, options.clock),
    );
    this.#loading = this.#load();
  }

  async download(request: Request, unit: Unit): Promise<Response> {
    const context = this.#context ?? (await this.#loading);
    if (this.#isClosed) throw new DownloadCancelledError(request.url, 'the downloader was closed');
    const url = new URL(request.url);
    const proxy = unit.proxy === undefined ? undefined : this.#proxy(unit.proxy, request.url);
    const route = routeTo(url, proxy, request.meta.bindAddress);
    const response = await new Promise<Response>((resolve, reject) => {
      const exchange = new HttpExchange(context, { request, unit, url, route }, resolve, reject);
      if (proxy === undefined) exchange.send();
      else this.#sendByProxy(exchange, route, request.url);
    });
    this.#warnOfSize(response);
    return response;
  }

  /** Closes a host's connections; the host is named as in a URL, with its port where that is not the scheme's. */
  hostIdle(host: string): void {
    this.#context?.pool.hostIdle(host);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const { pool } = await this.#loading;
    pool.close(Object.assign(new Error('the downloader was closed'), { code: 'UND_ERR_CLOSED' }));
  }

  async #load(): Promise<ExchangeContext> {
    const { Client } = await import('undici');
    const { settings, clock } = this.#options;
    const pool = new ConnectionPool(Math.max(1, Math.floor(descriptorLimit() * SOCKET_SHARE)), {
      Client,
      connector: this.#connector,
      maxHeaderBytes: settings.maxHeaderBytes,
      keepAliveMs: KEEP_ALIVE_MS,
    });
    this.#context = { settings, clock, pool };
    return this.#context;
  }

  #sendByProxy(exchange: HttpExchange, route: Route, url: string): void {
    this.#connector.checkTarget(route, url).then(
      () => exchange.send(),
      (error: CrawlError) => exchange.fail(error),
    );
  }

  #warnOfSize({ url, meta, body }: Response): void {
    const { settings, logger } = this.#options;
    const warnBodyBytes = meta.warnBodyBytes ?? settings.warnBodyBytes;
    if (warnBodyBytes === 0 || body.length <= warnBodyBytes) return;
    logger.warn('large response body', { url, bytes: body.length, warnBodyBytes });
  }

  #proxy(written: string, url: string): ProxyAddress {
    const known = this.#proxies.get(written);
    if (known !== undefined) return known;
    const proxy = parseProxy(written);
    if (proxy === undefined) {
      throw new ProxyError(
        url,
        withoutCredentials(written),
        'a proxy is http://, https:// or socks5://host:port',
      );
    }
    if (this.#proxies.size >= MAX_PROXIES) this.#proxies.clear();
    this.#proxies.set(written, proxy);
    return proxy;
  }
}

function withoutCredentials(proxy: string): string {
  return proxy.slice(proxy.lastIndexOf('@') + 1);
}
