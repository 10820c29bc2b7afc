import { readFile } from 'node:fs/promises';
import { isIPv6, SocketAddress } from 'node:net';
import { Reader, type Response } from 'mmdb-lib';
import type { Fault } from '../errors.ts';

/** What a database holds: places of addresses, or the networks that they belong to. */
export type DatabaseKind = 'city' | 'asn';

/** A database in memory. */
export interface Database {
  /** What it holds of an address; undefined where it has none. Throws where the file is damaged at that place. */
  readonly find: (ip: string) => Partial<Response> | undefined;
}

/** Why a database cannot be used, and what to do. */
export type Unusable = Pick<Fault, 'message' | 'hint'>;

/** Types as vendors name them, e.g. GeoLite2-City, GeoIP2-Enterprise, DBIP-City-Lite. */
const TYPES: Readonly<Record<DatabaseKind, RegExp>> = { city: /City|Enterprise/, asn: /ASN|ISP/ };
const EXAMPLES: Readonly<Record<DatabaseKind, string>> = { city: 'GeoLite2-City.mmdb', asn: 'GeoLite2-ASN.mmdb' };

/** Reads a database in MaxMind's format (https://maxmind.github.io/MaxMind-DB/) whole into memory. */
export async function openDatabase(path: string, kind: DatabaseKind): Promise<Database | Unusable> {
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = code === 'ENOENT' ? `the database ${path} does not exist` : `the database ${path} cannot be read (${code})`;
    return { message, hint: 'Correct the path, which starts from the folder of the settings file, or remove the key.' };
  }
  const reader = parse(content);
  if (reader === undefined) {
    return { message: `${path} is no MaxMind database, or a damaged one`, hint: 'Download it again, and unpack the archive: the file itself ends in .mmdb.' };
  }
  const { databaseType } = reader.metadata;
  if (TYPES[kind].test(databaseType)) return { find: createFind(reader) };
  return { message: `${path} is a database of the type ${databaseType}`, hint: `Name one of the kind of ${EXAMPLES[kind]} here.` };
}

function parse(content: Buffer): Reader<Response> | undefined {
  try {
    const reader = new Reader<Response>(content);
    const { databaseType, ipVersion, searchTreeSize } = reader.metadata;
    const isWhole = searchTreeSize > 0 && searchTreeSize < content.length;
    return isWhole && typeof databaseType === 'string' && [4, 6].includes(ipVersion) ? reader : undefined;
  } catch {
    // Whatever the reader stumbles over, the file is not what it should be.
    return undefined;
  }
}

function createFind(reader: Reader<Response>): Database['find'] {
  const hasIpv6 = reader.metadata.ipVersion === 6;
  return (given) => {
    const ip = unmap(given);
    return hasIpv6 || !isIPv6(ip) ? (reader.get(ip) ?? undefined) : undefined;
  };
}

/** `::ffff:192.0.2.1`, however it is written, as `192.0.2.1`, as Elasticsearch takes it. */
function unmap(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const { address } = new SocketAddress({ address: ip, family: 'ipv6' });
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}
