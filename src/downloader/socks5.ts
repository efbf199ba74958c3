import { isIP, type Socket } from 'node:net';
import { receive } from './handshake.ts';
import type { ProxyAddress } from './proxy-address.ts';

const VERSION = 5;
const NO_LOGIN = 0;
const PASSWORD_LOGIN = 2;
const CONNECT = 1;
const ADDRESS_BYTES: Readonly<Record<number, number>> = { 1: 4, 4: 16 };
const NAME = 3;
const REPLIES: Readonly<Record<number, string>> = {
  1: 'general failure',
  2: 'connection not allowed by its rules',
  3: 'network unreachable',
  4: 'host unreachable',
  5: 'connection refused',
  6: 'time to live expired',
  7: 'command not supported',
  8: 'address type not supported',
};
/** Replies that speak of the target, not of the proxy. */
const TARGET_REPLIES: ReadonlySet<number> = new Set([3, 4, 5, 6]);

/** The proxy works, but cannot reach the target. */
export class TargetUnreachable extends Error {}

/**
 * Asks a SOCKS5 proxy for a connection (RFC 1928, log in by RFC 1929). Names are resolved by the proxy.
 *
 * @throws TargetUnreachable when the proxy cannot reach the target.
 * @throws Error when the proxy refuses or does not speak SOCKS5.
 */
export async function openSocks5Tunnel(
  socket: Socket,
  proxy: ProxyAddress,
  hostname: string,
  port: number,
): Promise<void> {
  const hasLogin = proxy.authorization !== undefined;
  socket.write(Buffer.from(hasLogin ? [VERSION, 2, NO_LOGIN, PASSWORD_LOGIN] : [VERSION, 1, NO_LOGIN]));
  const [version, method] = await take(socket, 2);
  if (version !== VERSION) throw new Error('it does not speak SOCKS5');
  if (method === PASSWORD_LOGIN && hasLogin) await logIn(socket, proxy);
  else if (method !== NO_LOGIN) throw new Error('it takes none of our ways to log in');

  const address = addressBytes(hostname);
  socket.write(Buffer.from([VERSION, CONNECT, 0, ...address, port >> 8, port & 0xff]));
  const [, reply = 1, , type = 0] = await take(socket, 4);
  if (reply !== 0) {
    const reason = `SOCKS5: ${REPLIES[reply] ?? `reply ${reply}`}`;
    throw TARGET_REPLIES.has(reply) ? new TargetUnreachable(reason) : new Error(reason);
  }
  const length = type === NAME ? ((await take(socket, 1))[0] ?? 0) : ADDRESS_BYTES[type];
  if (length === undefined) throw new Error('its reply has an unknown type of address');
  await take(socket, length + 2);
}

async function logIn(socket: Socket, { user, password }: ProxyAddress): Promise<void> {
  const name = Buffer.from(user).subarray(0, 255);
  const secret = Buffer.from(password).subarray(0, 255);
  socket.write(Buffer.from([1, name.length, ...name, secret.length, ...secret]));
  const [, status] = await take(socket, 2);
  if (status !== 0) throw new Error('it refused the user name or password');
}

/** Type and bytes of a target's address. */
function addressBytes(hostname: string): number[] {
  const family = isIP(hostname);
  if (family === 4) return [1, ...hostname.split('.').map(Number)];
  if (family === 6) return [4, ...ipv6Bytes(hostname)];
  const name = Buffer.from(hostname, 'latin1');
  if (name.length > 255) throw new Error('the host name is longer than 255 bytes');
  return [NAME, name.length, ...name];
}

/** Of an address as a URL has it: groups in hexadecimal, at most one gap. */
function ipv6Bytes(address: string): number[] {
  const [before = [], after = []] = address
    .split('::')
    .map((side) => (side === '' ? [] : side.split(':').map((group) => Number.parseInt(group, 16))));
  const gap = Array<number>(8 - before.length - after.length).fill(0);
  return [...before, ...gap, ...after].flatMap((group) => [group >> 8, group & 0xff]);
}

function take(socket: Socket, bytes: number): Promise<Buffer> {
  return receive<Buffer>(socket, () => socket.read(bytes) ?? undefined);
}
