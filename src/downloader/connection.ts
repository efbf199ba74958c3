import type { Socket } from 'node:net';
import type { Client, Dispatcher } from 'undici';
import type { Connector, Opening, Route } from './connector.ts';
import { HeadRepair } from './head-repair.ts';

/** What every connection of a pool is made with. */
export interface ConnectionOptions {
  readonly Client: typeof Client;
  readonly connector: Connector;
  readonly maxHeaderBytes: number;
  readonly keepAliveMs: number;
}

const ignore = (): void => {};

/** One connection: an undici client that connects once, is used by one exchange at a time, and never again. */
export class Connection {
  /** The throttling group of its URLs. */
  readonly host: string;
  /** Which requests may use it. */
  readonly key: string;
  /** How many exchanges have begun on it. */
  uses = 0;
  /** What the socket reported, also where undici takes the answer for whole. */
  socketError: Error | undefined;
  /** Address of the server; unknown behind a proxy. */
  ipAddress: string | undefined;
  protocol = 'http/1.1';
  readonly #client: Client;
  readonly #head: HeadRepair;
  #opening: Opening | undefined;
  #isHeld = false;
  #socket: Socket | undefined;

  constructor(host: string, key: string, route: Route, url: string, options: ConnectionOptions) {
    const { connector, maxHeaderBytes, keepAliveMs } = options;
    this.host = host;
    this.key = key;
    this.#head = new HeadRepair(maxHeaderBytes);
    this.#client = new options.Client(route.origin, {
      pipelining: 1,
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      connect: (_, done) => {
        if (this.#opening !== undefined) {
          done(closedError(), null);
          return;
        }
        this.#opening = connector.open(route, url);
        this.#opening.socket.then(
          (socket) => {
            this.#adopt(socket, route);
            done(null, socket);
          },
          (error) => done(error, null),
        );
      },
    });
  }

  /** Whether an exchange can be sent on it: it is not known to be closed. */
  get isUsable(): boolean {
    return this.#socket?.destroyed !== true;
  }

  /** Calls back once the connection is gone, with an error for whoever still counts on it. */
  onceClosed(listener: (reason: Error) => void): void {
    this.#client.once('disconnect', () => listener(closedError()));
    this.#client.once('connectionError', (_origin, _targets, error) => listener(error));
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.uses++;
    this.#client.dispatch(options, handler);
  }

  /** The request is being written: what comes next is the head of its answer. */
  expectAnswer(): void {
    this.#head.expect();
  }

  /**
   * Reads nothing more from the socket until `release`: what comes stays with the kernel, and so with the server. undici
   * sees a slow network, not a paused reader, which it would not survive on Node 20 (nodejs/undici#5360). Does nothing
   * over HTTP/2.
   */
  hold(): void {
    this.#isHeld = true;
  }

  /** Reads again. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    // Not now: undici may be in the middle of a chunk.
    queueMicrotask(() => this.#socket?.emit('readable'));
  }

  /** Closes at once; a running exchange fails with the reason. */
  destroy(reason: Error | null = null): void {
    if (reason !== null) this.#opening?.cancel(reason);
    this.#client.destroy(reason, ignore);
  }

  #adopt(socket: Socket, route: Route): void {
    this.#socket = socket;
    socket.on('error', (error) => {
      this.socketError ??= error;
    });
    if (route.proxy === undefined) this.ipAddress = socket.remoteAddress;
    if ('alpnProtocol' in socket && socket.alpnProtocol === 'h2') this.protocol = 'h2';
    else readThrough(socket, this.#head, () => this.#isHeld);
  }
}

/** undici takes what `socket.read()` gives; this lets it see repaired heads, and nothing while the connection is held. */
function readThrough(socket: Socket, head: HeadRepair, isHeld: () => boolean): void {
  const read = socket.read.bind(socket);
  socket.read = (size?: number): unknown => {
    if (size !== undefined) return read(size);
    if (isHeld()) return null;
    for (let chunk: Buffer | null = read(); chunk !== null; chunk = read()) {
      try {
        const bytes = head.push(chunk);
        if (bytes !== undefined) return bytes;
      } catch (error) {
        socket.destroy(error as Error);
        return null;
      }
    }
    return null;
  };
}

function closedError(): Error {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
}
