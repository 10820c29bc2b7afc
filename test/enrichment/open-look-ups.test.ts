import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLookUps } from '../../src/enrichment/open-look-ups.ts';
import { SettingsError } from '../../src/errors.ts';
import { isObject } from '../../src/pipeline/value.ts';
import { readFixtures } from '../data_stream/read-fixtures.ts';
import { toDatabase } from './to-database.ts';
import { NEWER_AGENTS, USER_AGENTS } from './user-agents.ts';

const ANTARCTICA = { country: { iso_code: 'AQ', names: { en: 'Antarctica' } }, location: { latitude: -90.5, longitude: 0.5 } };

let folder: string;
let city: string;
let asn: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'look-ups-'));
  [city, asn] = [join(folder, 'city.mmdb'), join(folder, 'asn.mmdb')];
  await writeFile(city, toDatabase({ type: 'GeoLite2-City', networks: { '192.0.2.0/24': ANTARCTICA, '198.51.100.0/24': { postal: { code: '1' } } } }));
  await writeFile(asn, toDatabase({ type: 'GeoLite2-ASN', networks: { '192.0.2.0/25': { autonomous_system_number: 64_496 } } }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('openLookUps', () => {
  it('looks up places and networks where a database is given', async () => {
    const { as, geo } = await openLookUps({ city, asn }, 'settings.yml');
    expect(geo?.('192.0.2.1')).toEqual({ country_iso_code: 'AQ', country_name: 'Antarctica', location: { lat: -90.5, lon: 0.5 } });
    expect(as?.('192.0.2.1')).toEqual({ number: 64_496 });
    expect([geo?.('192.0.2.200') === undefined, as?.('192.0.2.200')]).toEqual([false, undefined]);
    expect([geo?.('198.51.100.1'), geo?.('10.0.0.1')]).toEqual([undefined, undefined]);
  });

  it('opens no more than what is given; user agents need no file', async () => {
    expect(Object.keys(await openLookUps({}, 'settings.yml'))).toEqual(['user_agent']);
    expect(Object.keys(await openLookUps({ asn }, 'settings.yml'))).toEqual(['as', 'user_agent']);
  });

  it('names all databases that cannot be used at once', async () => {
    const error = await openLookUps({ city: join(folder, 'none.mmdb'), asn: city }, 'settings.yml').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SettingsError);
    expect((error as SettingsError).faults).toEqual([
      { file: 'settings.yml', path: 'elasticsearch.geoip.city', message: expect.stringContaining('none.mmdb does not exist'), hint: expect.any(String) },
      { file: 'settings.yml', path: 'elasticsearch.geoip.asn', message: expect.stringContaining('of the type GeoLite2-City'), hint: expect.any(String) },
    ]);
  });

  it('gives of the user agents in the fixtures what is expected there', async () => {
    const { user_agent: lookUp } = await openLookUps({}, 'settings.yml');
    const expected = ['audit', 'logpull'].flatMap((stream) => readFixtures(stream).flatMap((fixture) => fixture.expected.user_agent ?? [])).filter(isObject);
    expect(expected.length).toBeGreaterThan(20);
    for (const agent of expected) expect(lookUp?.(String(agent.original))).toEqual(agent);
  });

  it('gives any user agent a name and a device, soon, however long it is', async () => {
    const { user_agent: lookUp } = await openLookUps({}, 'settings.yml');
    const long = ['a', ' ', '; ', '1.', 'Android ', '(((', 'Mozilla/'].map((text) => text.repeat(16_000 / text.length));
    for (const text of [...USER_AGENTS, ...NEWER_AGENTS, ...long]) {
      const start = performance.now();
      const agent = lookUp?.(text);
      expect(performance.now() - start, text.slice(0, 20)).toBeLessThan(5000);
      expect(agent).toMatchObject({ original: text, name: expect.stringMatching(/./), device: { name: expect.stringMatching(/./) } });
    }
  });
});
