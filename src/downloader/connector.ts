import { connect, isIP, isIPv6, type Socket } from 'node:net';
import * as tls from 'node:tls';
import { DownloadTimeoutError } from '../errors/download-timeout-error.ts';
import type { Settings } from '../settings/settings.ts';
import { isSpecialAddress } from './address-guard.ts';
import type { DnsCache } from './dns-cache.ts';
import { type ConnectStage, connectError, SpecialAddress } from './download-errors.ts';
import { openHttpTunnel } from './http-tunnel.ts';
import { bareHost, type ProxyAddress } from './proxy-address.ts';
import { openSocks5Tunnel } from './socks5.ts';

/** Where a connection leads and by which way. */
export interface Route {
  /** Origin of the URL: scheme, host and port. */
  readonly origin: string;
  readonly isTls: boolean;
  /** Without brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly proxy: ProxyAddress | undefined;
  readonly bindAddress: string | undefined;
}

/** A connection being opened. */
export interface Opening {
  readonly socket: Promise<Socket>;
  /** Gives up; `socket` rejects with the reason. */
  cancel(reason: Error): void;
}

/** Address families are tried one after the other at this interval; less loses hosts that are merely slow. */
const FAMILY_ATTEMPT_MS = 1_000;
const MAX_SESSIONS = 1_000;
const TCP_KEEP_ALIVE_MS = 60_000;

/** Opens connections: name, address check, TCP, proxy, TLS, within one time limit. */
export class Connector {
  readonly #settings: Settings;
  readonly #dns: DnsCache;
  readonly #exceptions: ReadonlySet<string>;
  readonly #sessions = new Map<string, Buffer>();
  #secureContext: tls.SecureContext | undefined;

  constructor(settings: Settings, dns: DnsCache) {
    this.#settings = settings;
    this.#dns = dns;
    this.#exceptions = new Set(settings.privateAddressExceptions);
  }

  /** Starts to connect; the errors are the framework's, for this URL. */
  open(route: Route, url: string): Opening {
    const attempt = new Attempt();
    return { socket: this.#open(attempt, route, url), cancel: (reason) => attempt.cancel(reason) };
  }

  /**
   * Checks a target that a proxy will resolve: its literal address, else every address its name has here. The
   * proxy may see others; that is the limit of the guard behind a proxy.
   *
   * @throws BlockedAddressError when one of them is not public.
   * @throws DnsError when the name has no address here.
   */
  async checkTarget({ hostname, port }: Route, url: string): Promise<void> {
    if (!this.#isGuarded(hostname, port)) return;
    try {
      if (isIP(hostname) !== 0) refuseSpecial(hostname);
      else for (const { address } of await this.#dns.resolve(hostname)) refuseSpecial(address);
    } catch (error) {
      throw connectError(error, url, 'tcp');
    }
  }

  async #open(attempt: Attempt, route: Route, url: string): Promise<Socket> {
    const { proxy, hostname, port } = route;
    const limitMs = this.#settings.connectTimeoutMs;
    const timer = setTimeout(() => {
      attempt.cancel(
        proxy === undefined || attempt.stage === 'tls'
          ? new DownloadTimeoutError(url, 'connect', limitMs)
          : new Error(`no connection within ${limitMs} ms`),
      );
    }, limitMs);
    try {
      await this.#openTcp(attempt, proxy ?? route, route.bindAddress, proxy === undefined);
      if (proxy !== undefined) {
        attempt.stage = 'proxy';
        if (proxy.protocol === 'https:') await this.#secure(attempt, proxy.hostname, proxy.port, false);
        if (proxy.protocol === 'socks5:') await openSocks5Tunnel(attempt.socket, proxy, hostname, port);
        else if (route.isTls) await openHttpTunnel(attempt.socket, proxy, authorityOf(route));
      }
      if (route.isTls) {
        attempt.stage = 'tls';
        await this.#secure(attempt, hostname, port, this.#settings.http2);
      }
      return attempt.socket;
    } catch (error) {
      attempt.abandon();
      throw connectError(attempt.reason ?? error, url, attempt.stage, proxy);
    } finally {
      clearTimeout(timer);
    }
  }

  async #openTcp(
    attempt: Attempt,
    { hostname, port }: { readonly hostname: string; readonly port: number },
    bindAddress: string | undefined,
    isTarget: boolean,
  ): Promise<void> {
    const isGuarded = isTarget && this.#isGuarded(hostname, port);
    if (isGuarded && isIP(hostname) !== 0) refuseSpecial(hostname);
    const socket = connect({
      host: hostname,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
      autoSelectFamily: bindAddress === undefined,
      autoSelectFamilyAttemptTimeout: FAMILY_ATTEMPT_MS,
      lookup: this.#dns.lookupWith((addresses) => {
        if (isGuarded) for (const { address } of addresses) refuseSpecial(address);
      }),
      ...(bindAddress !== undefined && { localAddress: bindAddress, family: isIPv6(bindAddress) ? 6 : 4 }),
    });
    await attempt.wait(socket, 'connect');
  }

  async #secure(attempt: Attempt, hostname: string, port: number, offersHttp2: boolean): Promise<void> {
    const name = `${hostname}:${port}`;
    const session = this.#sessions.get(name);
    this.#secureContext ??= tls.createSecureContext(contextOptions(this.#settings));
    const socket = tls.connect({
      socket: attempt.socket,
      host: hostname,
      servername: isIP(hostname) === 0 ? hostname.replace(/\.$/, '') : '',
      secureContext: this.#secureContext,
      rejectUnauthorized: this.#settings.verifyTls,
      ALPNProtocols: offersHttp2 ? ['h2', 'http/1.1'] : ['http/1.1'],
      ...(session && { session }),
    });
    socket.on('session', (fresh: Buffer) => this.#keepSession(name, fresh));
    await attempt.wait(socket, 'secureConnect');
  }

  #keepSession(name: string, session: Buffer): void {
    this.#sessions.delete(name);
    this.#sessions.set(name, session);
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= MAX_SESSIONS) break;
      this.#sessions.delete(oldest);
    }
  }

  #isGuarded(hostname: string, port: number): boolean {
    if (!this.#settings.blockPrivateAddresses) return false;
    const written = hostname.includes(':') ? `[${hostname}]` : hostname;
    return !this.#exceptions.has(`${written}:${port}`);
  }
}

/** One connection under way: its newest socket, how far it is, and why it was given up. */
class Attempt {
  stage: ConnectStage = 'tcp';
  reason: Error | undefined;
  #socket: Socket | undefined;

  get socket(): Socket {
    if (this.#socket === undefined) throw new Error('there is no socket yet');
    return this.#socket;
  }

  cancel(reason: Error): void {
    this.reason ??= reason;
    this.#socket?.destroy();
  }

  abandon(): void {
    this.#socket?.destroy();
  }

  /** Takes the socket over and waits for its event. The error listener stays: a late error ends nothing. */
  wait(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
    const outer = this.#socket;
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.once('close', () => {
        outer?.destroy();
        reject(new Error('the connection was closed'));
      });
      socket.once(event, () => resolve());
      if (this.reason !== undefined) socket.destroy();
    });
  }
}

/** A certificate is still checked below TLS 1.2; OpenSSL only allows those versions at its lowest level. */
function contextOptions({ minTlsVersion, maxTlsVersion, tlsCiphers }: Settings): tls.SecureContextOptions {
  const isOld = minTlsVersion === 'TLSv1' || minTlsVersion === 'TLSv1.1';
  const ciphers = isOld ? withLowestLevel(tlsCiphers ?? 'DEFAULT') : tlsCiphers;
  return { minVersion: minTlsVersion, maxVersion: maxTlsVersion, ...(ciphers !== undefined && { ciphers }) };
}

function withLowestLevel(ciphers: string): string {
  return ciphers.includes('@SECLEVEL') ? ciphers : `${ciphers}:@SECLEVEL=0`;
}

function authorityOf({ hostname, port }: Route): string {
  return hostname.includes(':') ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

function refuseSpecial(address: string): void {
  if (isSpecialAddress(address)) throw new SpecialAddress(address);
}

/** The way to a URL. */
export function routeTo(url: URL, proxy: ProxyAddress | undefined, bindAddress: string | undefined): Route {
  const isTls = url.protocol === 'https:';
  return {
    origin: url.origin,
    isTls,
    hostname: bareHost(url.hostname),
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
    proxy,
    bindAddress,
  };
}
