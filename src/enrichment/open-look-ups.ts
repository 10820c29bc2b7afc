import { type Fault, SettingsError } from '../errors.ts';
import type { LookUps } from '../pipeline/look-ups.ts';
import type { JsonObject } from '../pipeline/value.ts';
import type { GeoipSettings } from '../settings/settings.ts';
import { cacheLookUp } from './cache-look-up.ts';
import { loadUserAgent } from './load-user-agent.ts';
import { type DatabaseKind, openDatabase } from './open-database.ts';
import { toGeo } from './to-geo.ts';
import { toNetwork } from './to-network.ts';

/** A few thousand clients make most of a site's traffic; more would cost memory and gain little. */
const MAX_ENTRIES = 4096;

/**
 * Everything that the edge can look up: user agents always, places and networks where a database is configured.
 * @param file name of the settings file, for faults
 * @throws SettingsError with every database that cannot be used
 */
export async function openLookUps(geoip: GeoipSettings, file: string): Promise<LookUps> {
  const faults: Fault[] = [];
  const open = async (kind: DatabaseKind, convert: (record: object) => JsonObject | undefined) => {
    const path = geoip[kind];
    if (path === undefined) return undefined;
    const database = await openDatabase(path, kind);
    if ('find' in database) {
      return cacheLookUp((ip) => {
        const record = database.find(ip);
        return record && convert(record);
      }, MAX_ENTRIES);
    }
    faults.push({ file, path: `elasticsearch.geoip.${kind}`, ...database });
    return undefined;
  };
  const geo = await open('city', toGeo);
  const as = await open('asn', toNetwork);
  if (faults.length > 0) throw new SettingsError(faults);
  return { ...(geo && { geo }), ...(as && { as }), user_agent: cacheLookUp(await loadUserAgent(), MAX_ENTRIES) };
}
