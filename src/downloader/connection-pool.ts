import { Connection, type ConnectionOptions } from './connection.ts';
import type { Route } from './connector.ts';

interface Host {
  readonly idle: Connection[];
  active: number;
  /** Nothing more is queued for it: connections are closed as they come free. */
  isFinished: boolean;
}

/**
 * Connections by host. A free one is used again, the newest first; a new one is made where none is free, as
 * long as there is room; above that the one free for longest is closed. It does not limit a host: who asks for
 * connections does. Hosts without connections are forgotten.
 */
export class ConnectionPool {
  readonly #options: ConnectionOptions;
  readonly #maxConnections: number;
  readonly #hosts = new Map<string, Host>();
  readonly #open = new Set<Connection>();
  /** Every free connection, the one free for longest first. */
  readonly #idle = new Set<Connection>();
  readonly #waiting: ((closed?: Error) => void)[] = [];
  #closed: Error | undefined;

  constructor(maxConnections: number, options: ConnectionOptions) {
    this.#maxConnections = maxConnections;
    this.#options = options;
  }

  /** Connections that are open or being opened. */
  get size(): number {
    return this.#open.size;
  }

  /** A connection for one exchange; undefined where there is no room: then `whenRoom` tells. */
  acquire(host: string, route: Route, url: string, isFresh: boolean): Connection | undefined {
    const key = `${route.origin} ${route.proxy?.key ?? ''} ${route.bindAddress ?? ''}`;
    const reused = isFresh ? undefined : this.#takeIdle(host, key);
    if (reused !== undefined) return reused;
    if (this.#closed !== undefined || !this.#makeRoom()) return undefined;
    const connection = new Connection(host, key, route, url, this.#options);
    connection.onceClosed((reason) => this.discard(connection, reason));
    this.#open.add(connection);
    this.#activate(host);
    return connection;
  }

  /** Calls back when a connection may be had; the callback asks again, unless it is told that the pool is closed. */
  whenRoom(callback: (closed?: Error) => void): void {
    if (this.#closed === undefined) this.#waiting.push(callback);
    else callback(this.#closed);
  }

  /** Gives a connection back after a whole exchange. */
  release(connection: Connection): void {
    const host = this.#hosts.get(connection.host);
    if (host === undefined || host.isFinished || !connection.isUsable) {
      this.discard(connection);
      return;
    }
    host.active--;
    host.idle.push(connection);
    this.#idle.add(connection);
    this.#serveWaiting();
  }

  /** Closes a connection, free or in use: an exchange on it fails with the reason. Once more does nothing. */
  discard(connection: Connection, reason: Error | null = null): void {
    if (this.#close(connection, reason)) this.#serveWaiting();
  }

  /** Closes a host's free connections now and the others when they come free, unless more is asked for. */
  hostIdle(name: string): void {
    const host = this.#hosts.get(name);
    if (host === undefined) return;
    host.isFinished = true;
    for (const connection of [...host.idle]) this.discard(connection);
  }

  /** Closes everything; running exchanges fail. */
  close(reason: Error): void {
    this.#closed = reason;
    for (const connection of [...this.#open]) this.#close(connection, reason);
    for (const callback of this.#waiting.splice(0)) callback(reason);
  }

  #close(connection: Connection, reason: Error | null): boolean {
    if (!this.#open.delete(connection)) return false;
    const host = this.#hosts.get(connection.host);
    if (host !== undefined) {
      if (this.#idle.delete(connection)) host.idle.splice(host.idle.indexOf(connection), 1);
      else host.active--;
      if (host.active === 0 && host.idle.length === 0) this.#hosts.delete(connection.host);
    }
    connection.destroy(reason);
    return true;
  }

  #takeIdle(name: string, key: string): Connection | undefined {
    const host = this.#hosts.get(name);
    if (host === undefined) return undefined;
    for (let at = host.idle.length - 1; at >= 0; at--) {
      const connection = host.idle[at];
      if (connection === undefined || connection.key !== key || !connection.isUsable) continue;
      host.idle.splice(at, 1);
      this.#idle.delete(connection);
      this.#activate(name);
      return connection;
    }
    return undefined;
  }

  #activate(name: string): void {
    let host = this.#hosts.get(name);
    if (host === undefined) {
      host = { idle: [], active: 0, isFinished: false };
      this.#hosts.set(name, host);
    }
    host.isFinished = false;
    host.active++;
  }

  #makeRoom(): boolean {
    if (this.#open.size < this.#maxConnections) return true;
    for (const oldest of this.#idle) {
      return this.#close(oldest, null);
    }
    return false;
  }

  #serveWaiting(): void {
    while (this.#waiting.length > 0 && (this.#open.size < this.#maxConnections || this.#idle.size > 0)) {
      this.#waiting.shift()?.();
    }
  }
}
