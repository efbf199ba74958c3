import { BlockList, isIP } from 'node:net';

/** Not public: RFC 6890 and its registries, multicast, and the IPv6 ranges that carry an IPv4 address. */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const SPECIAL_IPV6 = [
  '::/96',
  '::ffff:0:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

const special = new BlockList();
for (const range of SPECIAL_IPV4) addRange(range, 'ipv4');
for (const range of SPECIAL_IPV6) addRange(range, 'ipv6');

/**
 * Whether an IP address belongs to no public host: private, loopback, link-local, multicast, reserved, or IPv6
 * that stands for such an IPv4 address (mapped, translated) or hides one (NAT64, 6to4, Teredo).
 */
export function isSpecialAddress(address: string): boolean {
  const zone = address.indexOf('%');
  const bare = zone < 0 ? address : address.slice(0, zone);
  return special.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}

function addRange(range: string, family: 'ipv4' | 'ipv6'): void {
  const [network = '', prefix] = range.split('/');
  special.addSubnet(network, Number(prefix), family);
}
