import { describe, expect, it } from 'vitest';
import { compileFields } from '../../src/compile/compile-fields.ts';
import { audit, definition } from './definition.ts';

const files = compileFields(audit, definition);
const names = (entries: readonly { readonly name: string }[]): readonly string[] => entries.map(({ name }) => name);

describe('compileFields', () => {
  it('gives every data stream its constants', () => {
    const values = Object.fromEntries(files.base.map(({ name, value }) => [name, value]));
    expect(values).toEqual({
      'data_stream.type': 'logs',
      'data_stream.dataset': 'cloudflare_api.audit',
      'data_stream.namespace': undefined,
      'event.module': 'cloudflare_api',
      'event.dataset': 'cloudflare_api.audit',
      '@timestamp': undefined,
    });
  });

  it('splits declared fields into ECS and own ones, sorted, none twice, without groups', () => {
    expect(names(files.ecs)).toEqual(['error.message', 'event.category', 'event.original', 'source.geo.location', 'tags', 'user.name']);
    expect(names(files.own)).toEqual(['cloudflare.audit.labels', 'cloudflare.audit.metadata', 'cloudflare.audit.ratio', 'input.type']);
  });

  it('keeps a declaration of a field that every stream has', () => {
    const tags = { ...audit.fields[0], name: 'tags', type: 'keyword', description: 'Ours.', ecs: true, array: true, mapping: {} } as const;
    const { ecs } = compileFields({ ...audit, fields: [tags as never] }, definition);
    expect(ecs.filter(({ name }) => name === 'tags').map(({ description }) => description)).toEqual(['Ours.']);
  });

  it('says what ECS allows', () => {
    expect(files.ecs.find(({ name }) => name === 'event.category')).toEqual({
      name: 'event.category',
      type: 'keyword',
      description: 'About event.category.',
      normalize: ['array'],
      expected_values: ['iam', 'web'],
    });
  });

  it('lets addresses be longer than 1024 characters, unless a declaration says otherwise', () => {
    const field = { ...audit.fields[0], name: 'url.original', type: 'wildcard', ecs: true, mapping: {} } as never;
    const limits = [{}, { ignore_above: 100 }].map((mapping) => {
      const { ecs } = compileFields({ ...audit, fields: [{ ...(field as object), mapping } as never] }, definition);
      return ecs.find(({ name }) => name === 'url.original')?.ignore_above;
    });
    expect(limits).toEqual([8191, 100]);
  });

  it('gives an object a type for what stands below it, which the format demands', () => {
    expect(files.own.find(({ name }) => name === 'cloudflare.audit.labels')).toMatchObject({ type: 'object', object_type: 'keyword' });
  });
});
