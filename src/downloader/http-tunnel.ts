import type { Socket } from 'node:net';
import { receive } from './handshake.ts';
import type { ProxyAddress } from './proxy-address.ts';

const HEAD_END = '\r\n\r\n';
const MAX_HEAD_BYTES = 16 * 1024;
const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})(?: ([^\r\n]{0,100}))?/;

/**
 * Asks an HTTP proxy for a tunnel to `host:port` (RFC 9110 9.3.6). Afterwards the socket speaks to the target.
 *
 * @throws Error when the proxy refuses.
 */
export async function openHttpTunnel(socket: Socket, proxy: ProxyAddress, authority: string): Promise<void> {
  const authorization =
    proxy.authorization === undefined ? '' : `Proxy-Authorization: ${proxy.authorization}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`, 'latin1');
  let head = '';
  await receive(socket, () => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return undefined;
    const before = head.length;
    head += chunk.toString('latin1');
    const end = head.indexOf(HEAD_END);
    if (end < 0 && head.length > MAX_HEAD_BYTES) throw new Error('its answer to CONNECT does not end');
    if (end < 0) return undefined;
    const rest = chunk.subarray(end + HEAD_END.length - before);
    if (rest.length > 0) socket.unshift(rest);
    return head;
  });
  const [, status = 'no HTTP status', reason = ''] = STATUS_LINE.exec(head) ?? [];
  if (!/^2\d\d$/.test(status)) throw new Error(`it answered CONNECT with ${status} ${reason}`.trimEnd());
}
