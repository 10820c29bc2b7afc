import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SettingsError } from '../../src/errors.ts';
import { loadGeoip } from '../../src/settings/load-geoip.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'geoip-settings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function load(text: string, env: Readonly<Record<string, string>> = {}) {
  const file = join(folder, 'settings.yml');
  await writeFile(file, text);
  return loadGeoip(file, env);
}

async function faultsOf(text: string) {
  const error = await load(text).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SettingsError);
  return (error as SettingsError).faults;
}

describe('loadGeoip', () => {
  it('gives the paths, relative ones from the folder of the file', async () => {
    expect(await load('elasticsearch: { geoip: { city: databases/city.mmdb, asn: /srv/asn.mmdb } }')).toEqual({
      city: join(folder, 'databases/city.mmdb'),
      asn: '/srv/asn.mmdb',
    });
  });

  it('takes variables, an empty one as no path', async () => {
    const text = 'elasticsearch: { geoip: { city: "${CITY}", asn: "${ASN:}" } }';
    expect(await load(text, { CITY: 'c.mmdb' })).toEqual({ city: join(folder, 'c.mmdb') });
  });

  it('minds nothing else of the file', async () => {
    expect(await load('elasticsearch: { api_key: "${NOT_SET}", geoip: { city: /c.mmdb } }\nconnections: wrong')).toEqual({ city: '/c.mmdb' });
  });

  it.each(['', 'elasticsearch:', 'elasticsearch: { url: x }', 'elasticsearch: text', '- 1', 'text'])('gives nothing for %j', async (text) => {
    expect(await load(text)).toEqual({});
  });

  it('names every fault with its place', async () => {
    const place = { file: 'settings.yml', path: 'elasticsearch.geoip' };
    expect(await faultsOf('elasticsearch: { geoip: { citty: x, dir: y } }')).toEqual([
      { ...place, message: 'citty is not a key here', hint: 'Did you mean city? Keys here: city, asn.' },
      { ...place, message: 'dir is not a key here', hint: 'Did you mean city? Keys here: city, asn.' },
    ]);
    expect(await faultsOf('elasticsearch: { geoip: databases }')).toEqual([{ ...place, message: 'must be object', hint: 'Correct the value.' }]);
    expect(await faultsOf('elasticsearch: { geoip: { city: "${NOT_SET}" } }')).toMatchObject([
      { path: 'elasticsearch.geoip.city', message: expect.stringContaining('NOT_SET is not set') },
    ]);
  });
});
