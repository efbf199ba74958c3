import { BlockList, isIP, isIPv6 } from 'node:net';

/** One entry of NO_PROXY: every host, a host with its sub-domains, or a range of addresses; perhaps of one port. */
export interface NoProxyRule {
  readonly host: string;
  readonly port: string;
  readonly addresses: BlockList | undefined;
}

/** The entries of NO_PROXY: names, `.domain`, `*.domain`, `host:port`, addresses, `10.0.0.0/8`, `*`. */
export function parseNoProxy(list: string): readonly NoProxyRule[] {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(ruleOf);
}

/** Whether a URL goes by the proxy that the environment names. */
export function isProxied(url: string, exceptions: readonly NoProxyRule[]): boolean {
  if (exceptions.length === 0) return true;
  const { hostname, port, protocol } = new URL(url);
  const host = bare(hostname).replace(/\.$/, '');
  const actualPort = port || (protocol === 'https:' ? '443' : '80');
  return !exceptions.some((rule) => (rule.port === '' || rule.port === actualPort) && isOf(host, rule));
}

function ruleOf(entry: string): NoProxyRule {
  const addresses = rangeOf(entry);
  if (addresses !== undefined) return { host: '', port: '', addresses };
  const { host = entry, port = '' } =
    /^(?<host>\[[^\]]*\]|[^:]*)(?::(?<port>\d+))?$/.exec(entry)?.groups ?? {};
  return { host: bare(host).replace(/^\*?\./, ''), port, addresses: undefined };
}

function rangeOf(entry: string): BlockList | undefined {
  const [address = '', bits = ''] = entry.split('/');
  if (isIP(address) === 0 || !/^\d{1,3}$/.test(bits)) return undefined;
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (Number(bits) > (family === 'ipv6' ? 128 : 32)) return undefined;
  const range = new BlockList();
  range.addSubnet(address, Number(bits), family);
  return range;
}

function isOf(host: string, { host: excepted, addresses }: NoProxyRule): boolean {
  if (addresses !== undefined)
    return isIP(host) !== 0 && addresses.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
  return excepted === '*' || host === excepted || (excepted !== '' && host.endsWith(`.${excepted}`));
}

function bare(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}
