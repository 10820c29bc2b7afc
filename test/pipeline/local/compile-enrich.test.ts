import { describe, expect, it } from 'vitest';
import { compileRunner } from '../../../src/pipeline/local/compile-runner.ts';
import type { LookUps } from '../../../src/pipeline/look-ups.ts';
import type { JsonObject } from '../../../src/pipeline/value.ts';
import { constant, converted, type FieldSketch, streamOf } from '../sketches.ts';

const NOW = new Date(0);
const GEO: FieldSketch = { name: 'source.geo', origin: { kind: 'enrich', enrich: 'geo', from: 'source.ip' } };
const PLACES: Readonly<Record<string, JsonObject>> = { '192.0.2.1': { country_iso_code: 'AQ', location: { lat: -90, lon: 0 } } };
const LOOK_UPS: LookUps = { geo: (ip) => PLACES[ip] };

function run(record: object, { fields = [GEO], lookUps = LOOK_UPS }: { readonly fields?: readonly FieldSketch[]; readonly lookUps?: LookUps } = {}) {
  const stream = streamOf([converted('source.ip', 'ip', 'ip'), ...fields]);
  return compileRunner(stream, lookUps)({ message: JSON.stringify(record), _conf: {} }, NOW).document;
}

describe('an enrichment at the edge', () => {
  it('puts what is found below its field', () => {
    expect(run({ ip: '192.0.2.1' }).source).toEqual({ ip: '192.0.2.1', geo: PLACES['192.0.2.1'] });
  });

  it('leaves no field where nothing is found, nothing is to be looked up, or no look-up is given', () => {
    expect(run({ ip: '192.0.2.2' }).source).toEqual({ ip: '192.0.2.2' });
    expect(run({})).not.toHaveProperty('source');
    expect(run({ ip: '192.0.2.1' }, { lookUps: {} }).source).toEqual({ ip: '192.0.2.1' });
    expect(run({ ip: '192.0.2.1' }, { lookUps: { as: () => ({ number: 1 }) } }).source).toEqual({ ip: '192.0.2.1' });
  });

  it('puts what is found in place of what stood there, and keeps that where nothing is found', () => {
    const fields = [constant('source.geo.name', 'office'), GEO];
    expect(run({ ip: '192.0.2.1' }, { fields }).source).toMatchObject({ geo: { country_iso_code: 'AQ' } });
    expect(run({ ip: '192.0.2.1' }, { fields })).not.toHaveProperty('source.geo.name');
    expect(run({ ip: '192.0.2.2' }, { fields }).source).toMatchObject({ geo: { name: 'office' } });
  });

  it('happens under its condition only', () => {
    const fields = [{ ...GEO, when: { kind: 'equals', field: 'event.kind', value: 'alert' } as const }];
    expect(run({ ip: '192.0.2.1' }, { fields }).source).toEqual({ ip: '192.0.2.1' });
    expect(run({ ip: '192.0.2.1' }, { fields: [constant('event.kind', 'alert'), ...fields] }).source).toHaveProperty('geo');
  });

  it('gives each document a copy of its own', () => {
    const geo = (run({ ip: '192.0.2.1' }).source as JsonObject).geo as JsonObject;
    (geo.location as JsonObject).lat = 1;
    geo.country_iso_code = 'XX';
    expect(run({ ip: '192.0.2.1' }).source).toMatchObject({ geo: { country_iso_code: 'AQ', location: { lat: -90 } } });
  });

  it('that throws marks the event, which survives', () => {
    const lookUps: LookUps = {
      geo: () => {
        throw new RangeError('Offset is outside the bounds');
      },
    };
    const document = run({ ip: '192.0.2.1' }, { lookUps });
    expect(document).toMatchObject({ source: { ip: '192.0.2.1' }, event: { kind: 'pipeline_error', original: '{"ip":"192.0.2.1"}' } });
    expect(document.error).toEqual({ message: ['source.geo: Offset is outside the bounds'] });
  });
});
