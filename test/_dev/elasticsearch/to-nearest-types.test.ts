import { describe, expect, it } from 'vitest';
import { nearestTypes, toNearestTypes } from '../../../_dev/elasticsearch/to-nearest-types.ts';

describe('toNearestTypes', () => {
  it('replaces each missing type, and drops the parameters only that type knows', () => {
    const mapping = {
      properties: {
        dataset: { type: 'constant_keyword', value: 'cloudflare_api.audit' },
        ratio: { type: 'scaled_float', scaling_factor: 1000 },
        path: { type: 'wildcard', ignore_above: 1024 },
        text: { type: 'match_only_text', copy_to: 'all' },
      },
    };
    expect(toNearestTypes(mapping)).toEqual({
      properties: {
        dataset: { type: 'keyword' },
        ratio: { type: 'double' },
        path: { type: 'keyword', ignore_above: 1024 },
        text: { type: 'text', copy_to: 'all' },
      },
    });
  });

  it('reaches objects, multi-fields and dynamic templates, and keeps the rest', () => {
    const mapping = {
      dynamic: false,
      dynamic_templates: [{ versions: { match: '*.version', mapping: { type: 'version' } } }],
      properties: {
        '@timestamp': { type: 'date', ignore_malformed: false },
        url: { properties: { original: { type: 'wildcard', fields: { text: { type: 'match_only_text' } } } } },
        type: { type: 'keyword' },
      },
    };
    expect(toNearestTypes(mapping)).toEqual({
      dynamic: false,
      dynamic_templates: [{ versions: { match: '*.version', mapping: { type: 'keyword' } } }],
      properties: {
        '@timestamp': { type: 'date', ignore_malformed: false },
        url: { properties: { original: { type: 'keyword', ignore_above: 8191, fields: { text: { type: 'text' } } } } },
        type: { type: 'keyword' },
      },
    });
  });

  it('takes a field that is named like a parameter for a field', () => {
    const mapping = { properties: { value: { type: 'wildcard' }, fields: { type: 'keyword' }, properties: { type: 'version' } } };
    expect(toNearestTypes(mapping)).toEqual({
      properties: { value: { type: 'keyword', ignore_above: 8191 }, fields: { type: 'keyword' }, properties: { type: 'keyword' } },
    });
  });

  it('replaces only what the engine lacks and leaves its argument alone', () => {
    const mapping = { properties: { a: { type: 'version' }, b: { type: 'wildcard' } } };
    const before = structuredClone(mapping);
    expect(toNearestTypes(mapping, ['version'])).toEqual({ properties: { a: { type: 'keyword' }, b: { type: 'wildcard' } } });
    expect(toNearestTypes(mapping, [])).toEqual(mapping);
    expect(mapping).toEqual(before);
  });

  it('replaces no type by one that is missing itself', () => {
    expect(Object.values(nearestTypes).filter(({ type }) => String(type) in nearestTypes)).toEqual([]);
  });
});
