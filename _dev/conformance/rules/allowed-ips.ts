import { BlockList, isIP, isIPv4 } from 'node:net';

/** What Elastic's test databases for places and networks know, as elastic-package lists it. */
const known = [
  '1.128.0.0/11',
  '175.16.199.0/24',
  '216.160.83.56/29',
  '81.2.69.142/31',
  '81.2.69.144/31',
  '81.2.69.192/28',
  '89.160.20.112/28',
  '89.160.20.128/25',
  '67.43.156.0/24',
  '2a02:cf40::/29',
];

/** Addresses that are nobody's: private, for documentation, loopback, link-local, multicast, unspecified. */
const nobodys = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', '224.0.0.0/4', '255.255.255.255/32'],
  ...['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '198.18.0.0/15'],
  ...['::/128', '::1/128', '2001:db8::/32', '3fff::/20', 'fc00::/7', 'fe80::/10', 'ff00::/8', '64:ff9b::/96'],
];

const list = new BlockList();
for (const network of [...known, ...nobodys]) {
  const [address = '', prefix] = network.split('/');
  list.addSubnet(address, Number(prefix), isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** Whether a text is an address, or a network, that is somebody's, and so has no place in a test; false for what is no address. */
export function isForeignIp(text: string): boolean {
  const address = text.replace(/[%/].*$/, '');
  const version = isIP(address);
  return version !== 0 && !list.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
