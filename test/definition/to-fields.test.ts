import { describe, expect, it } from 'vitest';
import type { FieldDeclaration } from '../../src/definition/declaration.ts';
import { ecsVersion } from '../../src/definition/ecs.ts';
import { toFields } from '../../src/definition/to-fields.ts';

const only = (declaration: FieldDeclaration) => toFields([declaration])[0];

describe('toFields', () => {
  it("takes type, description and mapping of an ECS field from ECS, with the field's own mapping on top", () => {
    const field = only({ name: 'user_agent.original', from: 'Agent', mapping: { ignore_above: 2048 } });
    expect(field).toMatchObject({ type: 'keyword', ecs: true, array: false, description: 'Unparsed user_agent string.' });
    expect(field?.mapping).toEqual({ ignore_above: 2048, multi_fields: [{ name: 'text', type: 'match_only_text' }] });
  });

  it('keeps what ECS says of indexing', () => {
    expect(only({ name: 'event.original', by: 'pipeline' })).toMatchObject({ origin: { kind: 'elsewhere' }, mapping: { index: false, doc_values: false } });
  });

  it('knows which values ECS allows, and which types go with a category', () => {
    const field = only({ name: 'event.category', by: 'rules' });
    expect(field?.array).toBe(true);
    expect(field?.allowedValues?.find(({ name }) => name === 'authentication')).toEqual({
      name: 'authentication',
      expectedEventTypes: ['start', 'end', 'info'],
    });
  });

  it('caps keywords and flattened fields of our own, because Elasticsearch refuses longer terms', () => {
    const own = (type: string) => only({ name: 'cloudflare.x', type, description: 'X.', from: 'x' })?.mapping;
    expect([own('keyword'), own('flattened'), own('long')]).toEqual([{ ignore_above: 1024 }, { ignore_above: 1024 }, {}]);
  });

  it.each([
    ['keyword', 'keyword'],
    ['long', 'long'],
    ['double', 'double'],
    ['boolean', 'boolean'],
    ['date', 'date'],
    ['ip', 'ip'],
    ['flattened', 'object'],
  ])('converts for a %s by %s where nothing else is said', (type, to) => {
    expect(only({ name: 'cloudflare.x', type, description: 'X.', from: 'x' })?.origin).toEqual({ kind: 'record', from: ['x'], to, absent: [], values: {} });
  });

  it('reads a list for a field that ECS demands as list', () => {
    expect(only({ name: 'related.hash', from: 'Hashes' })?.origin).toMatchObject({ to: 'keywords' });
  });

  it('cuts before and after', () => {
    expect(only({ name: 'url.path', from: 'URI', before: '?' })?.origin).toMatchObject({ cut: { side: 'before', separator: '?' } });
    expect(only({ name: 'url.query', from: 'URI', after: '?' })?.origin).toMatchObject({ cut: { side: 'after', separator: '?' } });
  });

  it('reads the other origins', () => {
    expect(only({ name: 'event.duration', between: ['a', 'b'] })?.origin).toEqual({ kind: 'duration', start: 'a', end: 'b' });
    expect(only({ name: 'client.geo.location', point: ['x', 'y'] })?.origin).toEqual({ kind: 'point', lat: 'x', lon: 'y' });
    expect(only({ name: 'related.ip', collect: ['source.ip'] })?.origin).toEqual({ kind: 'collect', collect: ['source.ip'] });
    expect(only({ name: 'ecs.version', value: 'ecs' })?.origin).toEqual({ kind: 'value', value: ecsVersion });
    expect(only({ name: 'cloud.provider', value: 'ecs' })?.origin).toEqual({ kind: 'value', value: 'ecs' });
  });

  it('spreads an enrichment into a group and what it fills, except what is declared itself', () => {
    const fields = toFields([
      { name: 'user_agent.original', from: 'Agent' },
      { name: 'user_agent', user_agent: 'user_agent.original', when: { 'user_agent.original': { exists: true } } },
    ]);
    expect(fields.map(({ name }) => name)).toEqual([
      'user_agent.original',
      'user_agent',
      'user_agent.name',
      'user_agent.version',
      'user_agent.device.name',
      'user_agent.os.name',
      'user_agent.os.version',
      'user_agent.os.full',
    ]);
    expect(fields[1]).toMatchObject({ type: 'group', origin: { kind: 'enrich', enrich: 'user_agent', from: 'user_agent.original' }, when: { kind: 'exists' } });
    expect(fields[2]).toMatchObject({ type: 'keyword', ecs: true, origin: { kind: 'elsewhere' } });
  });

  it('gives the location of an enrichment the type of ECS', () => {
    const fields = toFields([{ name: 'source.geo', geo: 'source.ip' }]);
    expect(fields.find(({ name }) => name === 'source.geo.location')?.type).toBe('geo_point');
  });
});
