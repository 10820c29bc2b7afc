import { describe, expect, it } from 'vitest';
import { compileIndexTemplate } from '../../src/compile/compile-index-template.ts';
import { audit, definition } from './definition.ts';

const server = compileIndexTemplate(audit, definition, { pipeline: 'server' });
const [component] = server.componentTemplates;
const template = component?.body.template as { readonly settings: object; readonly mappings: Record<string, unknown> };

describe('compileIndexTemplate', () => {
  it("uses Fleet's names, priority and order", () => {
    expect(server.indexTemplate).toEqual({
      name: 'logs-cloudflare_api.audit',
      body: {
        index_patterns: ['logs-cloudflare_api.audit-*'],
        data_stream: { hidden: false },
        priority: 200,
        composed_of: [
          'logs@mappings',
          'logs@settings',
          'logs-cloudflare_api.audit@package',
          'logs@custom',
          'cloudflare_api@custom',
          'logs-cloudflare_api.audit@custom',
          'ecs@mappings',
        ],
        ignore_missing_component_templates: [
          'logs@mappings',
          'logs@settings',
          'ecs@mappings',
          'logs@custom',
          'cloudflare_api@custom',
          'logs-cloudflare_api.audit@custom',
        ],
        _meta: { package: { name: 'cloudflare_api', version: '0.1.0' }, managed_by: 'cloudflare-integration', managed: true },
      },
    });
    expect(server.componentTemplates.map(({ name }) => name)).toEqual(['logs-cloudflare_api.audit@package']);
  });

  it('names the pipeline only where the server runs it', () => {
    expect(server.pipeline).toBe('logs-cloudflare_api.audit-0.1.0');
    expect(template.settings).toMatchObject({ index: { default_pipeline: 'logs-cloudflare_api.audit-0.1.0' } });
    const edge = compileIndexTemplate(audit, definition, { pipeline: 'edge' });
    expect(edge.pipeline).toBeUndefined();
    expect(JSON.stringify(edge)).not.toContain('default_pipeline');
  });

  it('maps each field as Fleet does', () => {
    expect(template.mappings).toMatchObject({
      dynamic: true,
      date_detection: false,
      _meta: { managed_by: 'cloudflare-integration' },
      dynamic_templates: [
        { 'cloudflare.audit.labels': { path_match: 'cloudflare.audit.labels.*', match_mapping_type: '*', mapping: { type: 'keyword' } } },
        { strings_as_keyword: { match_mapping_type: 'string', mapping: { type: 'keyword', ignore_above: 1024 } } },
      ],
      properties: {
        '@timestamp': { type: 'date' },
        data_stream: {
          properties: {
            type: { type: 'constant_keyword', value: 'logs' },
            dataset: { type: 'constant_keyword', value: 'cloudflare_api.audit' },
            namespace: { type: 'constant_keyword' },
          },
        },
        user: { properties: { name: { type: 'keyword', ignore_above: 1024, fields: { text: { type: 'match_only_text' } } } } },
        source: { properties: { geo: { properties: { location: { type: 'geo_point' } } } } },
        event: { properties: { original: { type: 'keyword', index: false, doc_values: false } } },
        cloudflare: {
          properties: {
            audit: {
              properties: {
                metadata: { type: 'flattened', ignore_above: 2048 },
                ratio: { type: 'scaled_float', scaling_factor: 100, meta: { unit: 'percent' } },
              },
            },
          },
        },
      },
    });
    expect(JSON.stringify(template.mappings)).not.toMatch(/expected_values|normalize|description/);
  });
});
