/** A proxy, taken apart once. */
export interface ProxyAddress {
  readonly protocol: 'http:' | 'https:' | 'socks5:';
  readonly hostname: string;
  readonly port: number;
  /** Decoded; empty where there are none. */
  readonly user: string;
  readonly password: string;
  /** Value for Proxy-Authorization. */
  readonly authorization: string | undefined;
  /** Names proxy and credentials: connections through it are shared by this. */
  readonly key: string;
  /** For messages: without credentials. */
  readonly shown: string;
}

const PROTOCOLS = new Map([
  ['http:', { protocol: 'http:', port: 80 }],
  ['https:', { protocol: 'https:', port: 443 }],
  ['socks:', { protocol: 'socks5:', port: 1080 }],
  ['socks5:', { protocol: 'socks5:', port: 1080 }],
  ['socks5h:', { protocol: 'socks5:', port: 1080 }],
] as const);

/** Takes a proxy URL apart; `host:port` alone means http. Gives undefined where it is no proxy of a known kind. */
export function parseProxy(proxy: string): ProxyAddress | undefined {
  const url = URL.parse(proxy.includes('://') ? proxy : `http://${proxy}`);
  const kind = PROTOCOLS.get(url?.protocol as 'http:');
  if (url === null || kind === undefined || url.hostname === '') return undefined;
  const user = decode(url.username);
  const password = decode(url.password);
  const port = url.port === '' ? kind.port : Number(url.port);
  return {
    protocol: kind.protocol,
    hostname: bareHost(url.hostname),
    port,
    user,
    password,
    authorization:
      user === '' && password === ''
        ? undefined
        : `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    key: url.href,
    shown: `${kind.protocol}//${url.hostname}:${port}`,
  };
}

/** A host name as sockets want it: IPv6 without its brackets. */
export function bareHost(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
