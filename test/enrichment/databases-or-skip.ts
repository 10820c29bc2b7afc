import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { GeoipSettings } from '../../src/settings/settings.ts';
import type { EngineOrSkip } from '../engines.ts';
import { type Describe, toDescribe } from '../skipping.ts';

/** The databases that the run's engine looks up in, and the `describe` of the tests that need them. */
export interface DatabasesOrSkip {
  readonly databases: Required<GeoipSettings>;
  readonly describeDatabases: Describe;
}

/**
 * The city and the network database of the engine: in the folder GEOIP_DATABASES, else in `config/ingest-geoip` of ELASTICSEARCH_HOME,
 * where a node has its own ones. Skipped tests with the reason where there is none, or where the engine may have others.
 *
 * @throws Error where GEOIP_DATABASES names a folder without them
 */
export function databasesOrSkip({ engine, describeEngine }: EngineOrSkip): DatabasesOrSkip {
  const given = process.env.GEOIP_DATABASES;
  const home = engine.way === 'home' ? process.env.ELASTICSEARCH_HOME : undefined;
  const folder = given ?? (home === undefined ? '' : join(home, 'config/ingest-geoip'));
  const databases = { city: join(folder, 'GeoLite2-City.mmdb'), asn: join(folder, 'GeoLite2-ASN.mmdb') };
  if (Object.values(databases).every((path) => existsSync(path))) return { databases, describeDatabases: describeEngine };
  if (given !== undefined) throw new Error(`GEOIP_DATABASES=${given} has no GeoLite2-City.mmdb and GeoLite2-ASN.mmdb`);
  if (!engine.capabilities.ingest) return { databases, describeDatabases: describeEngine };
  const reason = 'the databases of this Elasticsearch are not known. Enable: ELASTICSEARCH_HOME with both in config/ingest-geoip, or GEOIP_DATABASES=FOLDER';
  return { databases, describeDatabases: toDescribe(reason) };
}
