import type { StreamDefinition } from '../definition/definition.ts';
import type { LookUps } from '../pipeline/look-ups.ts';
import { leftOutFields } from '../pipeline/looked-up-fields.ts';
import type { GeoipSettings } from '../settings/settings.ts';
import type { Log } from './log.ts';
import type { Opened } from './open-settings.ts';

/** Which kind of look-up each key of `elasticsearch.geoip` opens. */
const KINDS = { city: 'geo', asn: 'as' } as const satisfies Record<keyof GeoipSettings, keyof LookUps>;
const KEYS = ['city', 'asn'] as const;

/** Says what mapping with these settings leaves out, or that databases are configured which the mapping does not read. */
export function noteLeftOut({ definition, log, settings }: Pick<Opened, 'definition' | 'log' | 'settings'>): void {
  const { geoip, pipeline } = settings.elasticsearch;
  if (pipeline === 'edge') logLeftOut(log, definition.streams, geoip ?? {});
  else if (geoip !== undefined) {
    log('warn', 'elasticsearch.geoip serves preview alone: with pipeline: server Elasticsearch looks places and networks up in its own databases');
  }
}

/** Says which fields the edge leaves out for want of a database, and how to have them; nothing where it fills all. */
export function logLeftOut(log: Log, streams: readonly StreamDefinition[], geoip: GeoipSettings): void {
  const missing = KEYS.filter((key) => geoip[key] === undefined);
  const kinds = KEYS.filter((key) => geoip[key] !== undefined).map((key) => KINDS[key]);
  const fields = [...new Set(streams.flatMap((stream) => leftOutFields(stream, ['user_agent', ...kinds])))];
  if (fields.length === 0) return;
  const keys = missing.map((key) => `elasticsearch.geoip.${key}`).join(' and ');
  log('info', `the edge leaves out ${fields.join(', ')}: name a MaxMind database in ${keys} to have them`);
}
