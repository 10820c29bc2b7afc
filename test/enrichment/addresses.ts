/** Addresses inside and outside the networks that public test databases know, in every way of writing. */
export const ADDRESSES: readonly string[] = [
  // London, Linköping, Thimphu (no region), Changchun, Milton, Boxford: first, last and next addresses.
  ...['81.2.69.0', '81.2.69.142', '81.2.69.255', '81.2.70.0', '89.160.20.112', '89.160.20.127', '89.160.20.200', '89.160.21.0'],
  ...['67.43.156.1', '175.16.199.1', '216.160.83.55', '216.160.83.56', '216.160.83.63', '216.160.83.64', '2.125.160.216', '2.125.160.224'],
  // A network without a place, and the next one.
  ...['1.128.0.0', '1.159.255.255', '1.160.0.0'],
  // IPv6: countries without a city, networks without a place.
  ...[
    '2a02:cf40::',
    '2a02:cf40::1',
    '2a02:cf47:ffff::1',
    '2a02:cf48::1',
    '2001:218::1',
    '2001:0218:0000:0000:0000:0000:0000:00Ff',
    '2600:6000::1',
    '2600:7000::1',
  ],
  // IPv4 in IPv6: mapped in four ways of writing, compatible, 6to4, NAT64, Teredo.
  ...['::ffff:81.2.69.142', '::FFFF:81.2.69.142', '::ffff:5102:458e', '0:0:0:0:0:ffff:81.2.69.142', '::ffff:10.0.0.1'],
  ...['::81.2.69.142', '2002:5102:458e::1', '64:ff9b::5102:458e', '2001:0:5102:458e::1'],
  // Private, local, documentation and special addresses.
  ...['10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', '127.0.0.1', '169.254.0.1', '192.0.2.1', '224.0.0.1', '255.255.255.255', '0.0.0.0'],
  ...['::', '::1', 'fe80::1', 'fd00::1', '2001:db8::1', 'ff02::1'],
];
