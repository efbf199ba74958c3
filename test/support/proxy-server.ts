import { connect, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** A small proxy on loopback that remembers what it was asked. */
export interface ProxyServer {
  readonly port: number;
  /** First lines of HTTP requests, or `host:port` of SOCKS requests. */
  readonly asked: readonly string[];
  /** `user:password` of each request that had them. */
  readonly logins: readonly string[];
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** Refuse everything else. */
  readonly login?: string;
  readonly tls?: TlsOptions;
  /** SOCKS reply for every request instead of a connection. */
  readonly reply?: number;
}

/** An HTTP proxy: forwards absolute-form requests and opens tunnels. */
export function httpProxy({ login, tls }: ProxyOptions = {}): Promise<ProxyServer> {
  return start(tls, (socket, asked, logins) => {
    socket.once('data', (chunk) => {
      const text = chunk.toString('latin1');
      const [line = ''] = text.split('\r\n', 1);
      asked.push(line);
      const given = /^proxy-authorization: basic (.*)$/im.exec(text)?.[1];
      if (given) logins.push(Buffer.from(given, 'base64').toString());
      if (login !== undefined && logins.at(-1) !== login) {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      const [method = '', target = ''] = line.split(' ');
      if (method === 'CONNECT') {
        const [host = '', port = ''] = target.split(':');
        join(socket, host, Number(port), () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
        return;
      }
      const { hostname, port, pathname, origin } = new URL(target);
      const rest = text.replace(origin + pathname, pathname).replace(/^proxy-authorization: .*\r\n/im, '');
      const upstream = join(socket, hostname, Number(port), () => upstream.write(rest, 'latin1'));
    });
  });
}

/** A SOCKS5 proxy for names and IPv4 addresses. */
export function socksProxy({ login, reply }: ProxyOptions = {}): Promise<ProxyServer> {
  return start(undefined, (socket, asked, logins) => {
    let step = 0;
    socket.on('data', function handshake(chunk) {
      step++;
      if (step === 1) {
        socket.write(Buffer.from([5, login === undefined ? 0 : 2]));
        if (login === undefined) step++;
      } else if (step === 2) {
        const user = chunk.subarray(2, 2 + (chunk[1] ?? 0));
        logins.push(`${user}:${chunk.subarray(3 + user.length)}`);
        socket.write(Buffer.from([1, logins.at(-1) === login ? 0 : 1]));
      } else {
        socket.off('data', handshake);
        const isName = chunk[3] === 3;
        const host = isName
          ? chunk.subarray(5, 5 + (chunk[4] ?? 0)).toString()
          : chunk.subarray(4, 8).join('.');
        const port = chunk.readUInt16BE(chunk.length - 2);
        asked.push(`${host}:${port}`);
        const answer = Buffer.from([5, reply ?? 0, 0, 1, 0, 0, 0, 0, 0, 0]);
        if (reply === undefined) join(socket, host, port, () => socket.write(answer));
        else socket.end(answer);
      }
    });
  });
}

type Serve = (socket: Socket, asked: string[], logins: string[]) => void;

async function start(tls: TlsOptions | undefined, serve: Serve): Promise<ProxyServer> {
  const asked: string[] = [];
  const logins: string[] = [];
  const open = new Set<Socket>();
  const accept = (socket: Socket): void => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => {});
    serve(socket, asked, logins);
  };
  const server = tls ? createTlsServer(tls, accept) : createServer(accept);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    asked,
    logins,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function join(socket: Socket, host: string, port: number, connected: () => void): Socket {
  const upstream = connect(port, host, () => {
    connected();
    socket.pipe(upstream).pipe(socket);
  });
  upstream.on('error', () => socket.destroy());
  socket.on('error', () => upstream.destroy());
  return upstream;
}
