import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** A request as it came over the socket. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  /** Lower-case names; the last value of a name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Which connection it came on, counted from 1. */
  readonly connection: number;
  /** Which request of the server it is, counted from 1. */
  readonly count: number;
}

/** Writes whatever it likes to the socket. */
export type RawAnswer = (socket: Socket, request: RawRequest) => void;

/** A server that speaks no HTTP of its own: each test writes the bytes of its answers. */
export interface RawServer {
  readonly port: number;
  /** `http://127.0.0.1:port` or https. */
  readonly origin: string;
  readonly requests: readonly RawRequest[];
  /** Connections that are open now. */
  readonly open: ReadonlySet<Socket>;
  close(): Promise<void>;
}

const HEAD_END = '\r\n\r\n';

/** A self-signed certificate for localhost and 127.0.0.1, good for nothing else. */
export function testCertificate(): { key: Buffer; cert: Buffer } {
  const read = (name: string): Buffer => readFileSync(new URL(`tls/localhost.${name}`, import.meta.url));
  return { key: read('key'), cert: read('crt') };
}

/** Starts a server on a free loopback port; with `tls` it speaks TLS. */
export async function rawServer(answer: RawAnswer, tls?: TlsOptions): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const serve = (socket: Socket): void => {
    const connection = ++connections;
    let input = '';
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => {});
    socket.on('data', (chunk) => {
      input += chunk.toString('latin1');
      for (let next = parse(input); next !== undefined; next = parse(input)) {
        input = input.slice(next.length);
        const request = { ...next.request, connection, count: requests.length + 1 };
        requests.push(request);
        answer(socket, request);
      }
    });
  };
  const options = { allowHalfOpen: true };
  const server: Server = tls ? createTlsServer({ ...options, ...tls }, serve) : createServer(options, serve);
  if (tls) server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    origin: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    open,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** The bytes of a whole answer. */
export function answerOf(
  body: string | Buffer,
  { status = '200 OK', headers = {} }: { status?: string; headers?: Record<string, string | number> } = {},
): Buffer {
  const bytes = Buffer.from(body);
  const fields = { 'Content-Type': 'text/html', 'Content-Length': bytes.length, ...headers };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`, 'latin1'), bytes]);
}

function parse(
  input: string,
): { request: Omit<RawRequest, 'connection' | 'count'>; length: number } | undefined {
  const end = input.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const [requestLine = '', ...lines] = input.slice(0, end).split('\r\n');
  const [method = '', target = ''] = requestLine.split(' ');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const bodyAt = end + HEAD_END.length;
  const length = bodyAt + Number(headers['content-length'] ?? 0);
  if (input.length < length) return undefined;
  return { request: { method, target, headers, body: input.slice(bodyAt, length) }, length };
}
