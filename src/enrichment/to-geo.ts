import type { CityResponse } from 'mmdb-lib';
import type { JsonObject } from '../pipeline/value.ts';

/**
 * A place as Elasticsearch's `geoip` processor has it: names in English, the region that is the most specific one, its code behind
 * that of the country (`US-CA`). Undefined where the database says nothing of it.
 */
export function toGeo({ city, continent, country, location, subdivisions }: Partial<CityResponse>): JsonObject | undefined {
  const region = subdivisions?.at(-1);
  const { latitude, longitude } = location ?? {};
  const geo = toPresent({
    city_name: city?.names?.en,
    continent_name: continent?.names?.en,
    country_iso_code: country?.iso_code,
    country_name: country?.names?.en,
    location: latitude === undefined || longitude === undefined ? undefined : { lat: latitude, lon: longitude },
    region_iso_code: country?.iso_code === undefined || region?.iso_code === undefined ? undefined : `${country.iso_code}-${region.iso_code}`,
    region_name: region?.names?.en,
  });
  return Object.keys(geo).length === 0 ? undefined : geo;
}

function toPresent(fields: Readonly<Record<string, string | JsonObject | undefined>>): JsonObject {
  const present: JsonObject = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) present[key] = value;
  return present;
}
