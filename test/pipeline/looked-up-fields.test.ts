import { describe, expect, it } from 'vitest';
import { leftOutFields, lookedUpFields } from '../../src/pipeline/looked-up-fields.ts';
import { converted, type FieldSketch, streamOf } from './sketches.ts';

const enriched = (name: string, enrich: 'geo' | 'as' | 'user_agent', from: string): FieldSketch => ({ name, origin: { kind: 'enrich', enrich, from } });
const PLACE = ['city_name', 'continent_name', 'country_iso_code', 'country_name', 'location', 'region_iso_code', 'region_name'].map(
  (leaf) => `source.geo.${leaf}`,
);
const NETWORK = ['source.as.number', 'source.as.organization.name'];
const AGENT = ['name', 'version', 'device.name', 'os.name', 'os.version', 'os.full'].map((leaf) => `user_agent.${leaf}`);
const stream = streamOf([
  converted('source.ip', 'ip', 'ip'),
  enriched('source.geo', 'geo', 'source.ip'),
  enriched('source.as', 'as', 'source.ip'),
  converted('user_agent.original', 'ua'),
  enriched('user_agent', 'user_agent', 'user_agent.original'),
]);

describe('lookedUpFields', () => {
  it('are the leaves of what is looked up, without those that the record fills', () => {
    expect(lookedUpFields(stream)).toEqual([...PLACE, ...NETWORK, ...AGENT]);
    expect(lookedUpFields(streamOf([enriched('user_agent', 'user_agent', 'message')]))).toContain('user_agent.original');
    expect(lookedUpFields(streamOf([converted('event.id', 'id')]))).toEqual([]);
  });
});

describe('leftOutFields', () => {
  it('are those of the kinds that cannot be looked up', () => {
    expect(leftOutFields(stream, [])).toEqual(lookedUpFields(stream));
    expect(leftOutFields(stream, ['user_agent'])).toEqual([...PLACE, ...NETWORK]);
    expect(leftOutFields(stream, ['user_agent', 'geo'])).toEqual(NETWORK);
    expect(leftOutFields(stream, ['as', 'geo', 'user_agent'])).toEqual([]);
  });
});
