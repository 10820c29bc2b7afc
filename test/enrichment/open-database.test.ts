import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, type DatabaseKind, openDatabase } from '../../src/enrichment/open-database.ts';
import { toDatabase } from './to-database.ts';

const NETWORKS = { '192.0.2.0/24': { at: 'v4' }, '2001:db8::/32': { at: 'v6' } };
const CITIES = toDatabase({ type: 'GeoLite2-City', networks: NETWORKS });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'databases-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(content: Buffer, kind: DatabaseKind = 'city') {
  const path = join(folder, 'database.mmdb');
  await writeFile(path, content);
  return openDatabase(path, kind);
}

async function find(content: Buffer): Promise<Database['find']> {
  const opened = await open(content);
  if (!('find' in opened)) throw new Error(opened.message);
  return opened.find;
}

describe('a database', () => {
  it.each([
    ['192.0.2.0', 'v4'],
    ['192.0.2.255', 'v4'],
    ['192.0.3.0', undefined],
    ['10.0.0.1', undefined],
    ['127.0.0.1', undefined],
    ['2001:db8::1', 'v6'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', 'v6'],
    ['2001:db9::1', undefined],
    ['::1', undefined],
    ['fe80::1', undefined],
    ['::ffff:192.0.2.1', 'v4'],
    ['::FFFF:192.0.2.1', 'v4'],
    ['::ffff:c000:201', 'v4'],
    ['0:0:0:0:0:ffff:192.0.2.1', 'v4'],
    ['::ffff:10.0.0.1', undefined],
  ])('knows of %s what it should', async (ip, at) => {
    expect((await find(CITIES))(ip)).toEqual(at && { at });
  });

  it('of IPv4 alone knows no address of IPv6', async () => {
    const look = await find(toDatabase({ type: 'GeoIP2-City', ipVersion: 4, networks: { '32.1.0.0/16': { at: 'v4' } } }));
    expect(look('32.1.13.184')).toEqual({ at: 'v4' });
    expect(look('::ffff:32.1.0.1')).toEqual({ at: 'v4' });
    // Its first bits are those of 32.1.
    expect(look('2001:db8::1')).toBeUndefined();
  });

  it.each([
    ['GeoLite2-City', 'city'],
    ['GeoIP2-City-North-America', 'city'],
    ['GeoIP2-Enterprise', 'city'],
    ['DBIP-City-Lite', 'city'],
    ['GeoLite2-ASN', 'asn'],
    ['GeoIP2-ISP', 'asn'],
  ] as const)('of the type %s is one of the kind %s', async (type, kind) => {
    expect(await open(toDatabase({ type, networks: NETWORKS }), kind)).toHaveProperty('find');
  });

  it('that is damaged at an address throws there, and nowhere else', async () => {
    const damaged = Buffer.from(CITIES);
    // The first value of the data section, that of the first network, becomes a pointer to beyond the file's end.
    damaged.set([0x38, 0xff, 0xff, 0xff, 0xff], damaged.indexOf('at') - 2);
    const look = await find(damaged);
    expect(() => look('192.0.2.1')).toThrow();
    expect(look('10.0.0.1')).toBeUndefined();
  });
});

describe('a file that is no use', () => {
  const NO_DATABASE = /^\S+database\.mmdb is no MaxMind database, or a damaged one$/;

  it.each([
    ['empty', Buffer.alloc(0)],
    ['of text', Buffer.from('place,latitude,longitude\n')],
    ['of noise', Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * index * 31) & 255))],
    ['still packed', gzipSync(CITIES)],
    ['cut off at its end', CITIES.subarray(0, CITIES.length - 40)],
    ['cut off in its middle', CITIES.subarray(0, CITIES.length / 2)],
    ['without its beginning', CITIES.subarray(CITIES.indexOf('at'))],
  ])('because it is %s', async (_what, content) => {
    expect(await open(content)).toEqual({ message: expect.stringMatching(NO_DATABASE), hint: expect.stringContaining('Download it again') });
  });

  it.each([
    ['GeoLite2-ASN', 'city', 'GeoLite2-City.mmdb'],
    ['GeoLite2-Country', 'city', 'GeoLite2-City.mmdb'],
    ['GeoLite2-City', 'asn', 'GeoLite2-ASN.mmdb'],
  ] as const)('because it is of the type %s where the kind is %s', async (type, kind, wanted) => {
    const opened = await open(toDatabase({ type, networks: NETWORKS }), kind);
    expect(opened).toEqual({ message: expect.stringContaining(`is a database of the type ${type}`), hint: expect.stringContaining(wanted) });
  });

  it('because it is not there, or a folder', async () => {
    const missing = join(folder, 'missing.mmdb');
    expect(await openDatabase(missing, 'city')).toEqual({
      message: `the database ${missing} does not exist`,
      hint: expect.stringContaining('Correct the path'),
    });
    expect(await openDatabase(folder, 'asn')).toMatchObject({ message: `the database ${folder} cannot be read (EISDIR)` });
  });
});
