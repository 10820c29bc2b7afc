/** A value of a database; whole numbers are 32 bits, others doubles. */
export type Value = string | number | readonly Value[] | { readonly [key: string]: Value };

/** What a tiny database holds. */
export interface DatabaseSketch {
  readonly type: string;
  readonly ipVersion?: 4 | 6;
  /** By network, e.g. `192.0.2.0/24` or `2001:db8::/32`. */
  readonly networks: Readonly<Record<string, Value>>;
}

type Node = [left: Node | number | undefined, right: Node | number | undefined];

const MARKER = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');
const SEPARATOR = Buffer.alloc(16);

/** A file in MaxMind's format with records of 24 bits; see https://maxmind.github.io/MaxMind-DB/ */
export function toDatabase({ type, ipVersion = 6, networks }: DatabaseSketch): Buffer {
  const root: Node = [undefined, undefined];
  let data = Buffer.alloc(0);
  for (const [network, value] of Object.entries(networks)) {
    insert(root, toBits(network, ipVersion), data.length);
    data = Buffer.concat([data, encode(value)]);
  }
  const nodes = listNodes(root);
  const records = nodes.flatMap((node) => node.map((record) => toRecord(record, nodes)));
  const tree = Buffer.concat(records.map((record) => Buffer.from([record >> 16, (record >> 8) & 255, record & 255])));
  const metadata = {
    ...{ node_count: nodes.length, record_size: 24, ip_version: ipVersion, database_type: type },
    ...{ binary_format_major_version: 2, binary_format_minor_version: 0, build_epoch: 1_767_225_600, languages: ['en'], description: {} },
  };
  return Buffer.concat([tree, SEPARATOR, data, MARKER, encode(metadata)]);
}

function insert(root: Node, bits: string, offset: number): void {
  let node = root;
  for (const bit of bits.slice(0, -1)) {
    const side = Number(bit) as 0 | 1;
    const below = node[side] ?? [undefined, undefined];
    if (typeof below === 'number') throw new Error('a network of the sketch lies in another');
    node[side] = below;
    node = below;
  }
  node[Number(bits.at(-1)) as 0 | 1] = offset;
}

/** An IPv4 network stands in the first 2^32 addresses of an IPv6 tree. */
function toBits(network: string, ipVersion: 4 | 6): string {
  const [address = '', length] = network.split('/');
  if (address.includes(':')) return toIpv6Bits(address).slice(0, Number(length));
  const bits = address.split('.').map((byte) => Number(byte).toString(2).padStart(8, '0'));
  return `${ipVersion === 6 ? '0'.repeat(96) : ''}${bits.join('').slice(0, Number(length))}`;
}

function toIpv6Bits(address: string): string {
  const [left = [], right = []] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}

function listNodes(node: Node): readonly Node[] {
  return [node, ...node.flatMap((below) => (Array.isArray(below) ? listNodes(below) : []))];
}

function toRecord(record: Node | number | undefined, nodes: readonly Node[]): number {
  if (record === undefined) return nodes.length;
  return typeof record === 'number' ? nodes.length + SEPARATOR.length + record : nodes.indexOf(record);
}

function encode(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'number') return Number.isInteger(value) ? encodeInteger(value) : encodeDouble(value);
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
  const entries = Object.entries(value);
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([key, item]) => [encode(key), encode(item)])]);
}

function encodeInteger(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return Buffer.concat([control(6, 4), bytes]);
}

function encodeDouble(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return Buffer.concat([control(3, 8), bytes]);
}

function control(type: number, size: number): Buffer {
  const more = size >= 29 ? [size - 29] : [];
  return Buffer.from([((type > 7 ? 0 : type) << 5) | Math.min(size, 29), ...(type > 7 ? [type - 7] : []), ...more]);
}
