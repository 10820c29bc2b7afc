import type { CityResponse } from 'mmdb-lib';
import { describe, expect, it } from 'vitest';
import { toGeo } from '../../src/enrichment/to-geo.ts';

const geoOf = (record: object) => toGeo(record as Partial<CityResponse>);

describe('toGeo', () => {
  it('names everything in English, and takes the most specific region', () => {
    const record = {
      city: { names: { de: 'Mailand', en: 'Milan' } },
      continent: { code: 'EU', names: { en: 'Europe' } },
      country: { iso_code: 'IT', names: { en: 'Italy' } },
      location: { latitude: 45.47, longitude: 9.19, time_zone: 'Europe/Rome', accuracy_radius: 5 },
      postal: { code: '20121' },
      registered_country: { iso_code: 'FR', names: { en: 'France' } },
      subdivisions: [
        { iso_code: '25', names: { en: 'Lombardy' } },
        { iso_code: 'MI', names: { en: 'Milan Province' } },
      ],
    };
    expect(geoOf(record)).toEqual({
      city_name: 'Milan',
      continent_name: 'Europe',
      country_iso_code: 'IT',
      country_name: 'Italy',
      location: { lat: 45.47, lon: 9.19 },
      region_iso_code: 'IT-MI',
      region_name: 'Milan Province',
    });
  });

  it.each([
    ['nothing', {}, undefined],
    ['what Elasticsearch does not take', { registered_country: { iso_code: 'FR', names: { en: 'France' } }, postal: { code: '1' } }, undefined],
    ['a country alone', { country: { iso_code: 'FR', names: { en: 'France' } } }, { country_iso_code: 'FR', country_name: 'France' }],
    ['names in other languages', { country: { iso_code: 'FR', names: { fr: 'France' } } }, { country_iso_code: 'FR' }],
    ['no names at all', { continent: { code: 'EU' }, city: {} }, undefined],
    ['half a place', { location: { latitude: 1 }, country: { iso_code: 'FR' } }, { country_iso_code: 'FR' }],
    ['the place at zero', { location: { latitude: 0, longitude: 0 } }, { location: { lat: 0, lon: 0 } }],
    ['a region without a country', { subdivisions: [{ iso_code: 'CA', names: { en: 'California' } }] }, { region_name: 'California' }],
    [
      'a region without a code',
      { country: { iso_code: 'US' }, subdivisions: [{ names: { en: 'California' } }] },
      { country_iso_code: 'US', region_name: 'California' },
    ],
    ['an empty list of regions', { country: { iso_code: 'US' }, subdivisions: [] }, { country_iso_code: 'US' }],
  ])('of %s', (_what, record, geo) => {
    expect(geoOf(record)).toEqual(geo);
  });
});
