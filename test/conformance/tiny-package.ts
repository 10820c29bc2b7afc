import { tinyDashboard } from './tiny-dashboard.ts';

/** A small package that keeps every rule: the source form of `tiny` with the one data stream `s` and one dashboard. */

const manifest = `format_version: 3.4.2
name: tiny
title: Tiny
version: 0.2.0
type: integration
categories: [security]
conditions: { kibana: { version: ^8.19.0 || ^9.1.0 } }
icons: [{ src: /img/icon.svg, title: Icon, size: 32x32, type: image/svg+xml }]
screenshots: [{ src: /img/one.png, title: One, size: 600x600, type: image/png }]
policy_templates:
  - name: tiny
    inputs:
      - type: cel
        vars:
          - { name: api_token, type: password, title: Token, description: A token., required: true, show_user: true, secret: true }
          - { name: proxy_url, type: url, title: Proxy, description: A proxy., required: false, show_user: false }
          - { name: ssl, type: yaml, title: SSL, description: Certificates., required: false, show_user: false }
owner: { github: tiny/people, type: community }
`;

const changelog = `- version: 0.2.0
  changes: [{ description: More., type: enhancement, link: https://example.com/tiny/issues/2 }]
- version: 0.1.0
  changes: [{ description: First., type: enhancement, link: https://example.com/tiny/pull/1 }]
`;

const streamManifest = `title: S
type: logs
streams:
  - input: cel
    vars:
      - { name: interval, type: text, title: Interval, description: How often., required: true, show_user: true, default: 5m }
      - { name: initial_interval, type: text, title: Begin, description: How far back., required: true, show_user: true, default: 24h }
      - { name: tags, type: text, title: Tags, description: Tags., required: false, show_user: false, multi: true, default: [forwarded] }
      - { name: preserve_original_event, type: bool, title: Keep, description: Keep the event., required: false, show_user: true }
      - { name: preserve_duplicate_custom_fields, type: bool, title: Doubles, description: Keep doubles., required: false, show_user: false }
      - { name: processors, type: yaml, title: Processors, description: Processors., required: false, show_user: false }
      - { name: enable_request_tracer, type: bool, title: Trace, description: Trace requests., required: false, show_user: false }
elasticsearch: { index_template: { settings: { index: { mapping: { total_fields: { limit: 100 } } } } } }
`;

const base = ['type', 'dataset', 'namespace'].map((name) => `- { name: data_stream.${name}, type: constant_keyword, description: Data stream ${name}. }`);
const baseFields = `${base.join('\n')}
- { name: event.module, type: constant_keyword, description: Module. }
- { name: event.dataset, type: constant_keyword, description: Dataset. }
- { name: '@timestamp', type: date, description: Time. }
`;

const external = [
  'ecs.version',
  'event.category',
  'event.kind',
  'event.outcome',
  'event.type',
  'event.created',
  'event.severity',
  'event.reference',
  'source.ip',
  'tags',
];
const fields = `${external.map((name) => `- { name: ${name}, external: ecs }`).join('\n')}
- { name: event.original, external: ecs, index: false, doc_values: false }
- { name: error.message, external: ecs }
- { name: related.ip, external: ecs }
- { name: tiny.s.what, type: keyword, description: What it is. }
`;

const failure = ['processor_type', 'processor_tag', 'message'].map((name) => `{{{_ingest.on_failure_${name}}}}`).join(' ');
const pipeline = `processors:
  - rename: { tag: rename_message, field: message, target_field: event.original, ignore_missing: true, if: "ctx.event?.original == null" }
  - remove: { tag: remove_message, field: message, ignore_missing: true, if: "ctx.event?.original != null" }
  - json: { tag: parse, field: event.original, target_field: json }
  - grok: { tag: cut, field: json.what, patterns: ["^%{WORD:tiny.s.what}$"], if: "ctx.json?.what != null && ctx.json.what.length() > 0" }
  - remove: { tag: tidy, field: [json, _conf], ignore_missing: true }
  - remove: { tag: remove_original, field: event.original, if: "ctx.tags == null || !ctx.tags.contains('preserve_original_event')" }
on_failure:
  - set: { field: event.kind, value: pipeline_error }
  - append: { field: error.message, value: "${failure} {{{_ingest.pipeline}}}" }
  - append: { field: tags, value: preserve_original_event }
  - remove: { field: [json, _conf], ignore_missing: true }
`;

const program = `state:
  want_more: false
program: |
  request("GET", state.url.trim_right("/") + "/things/" + scope + "/logs" + "?" + {}.format_query()).do_request().as(response,
    response.StatusCode == 429 ? {"header": {"Retry-After": ["1"]}} : {
      "events": size(response.records) == 0 ? [{"empty": true}] : response.records,
      "cursor": cursor.with({scope: {"until": string(window.before)}}),
    })
tags:
{{#contains "forwarded" tags}}
publisher_pipeline.disable_host: true
{{/contains}}
`;

function toDocument(ip: string, type: string, kept: boolean): object {
  return {
    '@timestamp': '2026-01-01T00:00:00.000Z',
    ecs: { version: '9.4.0' },
    event: {
      kind: 'event',
      category: ['configuration'],
      type: [type],
      outcome: 'success',
      created: '2026-01-01T00:00:01.000Z',
      severity: 1,
      reference: 'https://example.com/1',
      ...(kept ? { original: '{"what":"a"}' } : {}),
    },
    related: { ip: [ip] },
    source: { ip },
    tags: ['forwarded', ...(kept ? ['preserve_original_event'] : [])],
    tiny: { s: { what: 'a' } },
  };
}

const expected = [toDocument('81.2.69.142', 'change', true), toDocument('2001:db8::1', 'creation', false)];
const sample = {
  ...expected[0],
  data_stream: { type: 'logs', dataset: 'tiny.s', namespace: 'default' },
  event: { ...(expected[0] as { readonly event: object }).event, dataset: 'tiny.s', module: 'tiny' },
};
const events = [1, 2].map(() => ({ message: '{"what":"a","ip":"81.2.69.142"}', _conf: { source: 'x' } }));

const headings = `## Overview
### Compatibility
### How it works
## What data does this integration collect?
### Supported use cases
## What do I need to use this integration?
## How do I deploy this integration?
### Agent-based deployment
### Set up steps in Tiny
### Set up steps in Kibana
### Validation
## Troubleshooting
### It does not work
## Performance and scaling
Up to 10 requests a minute.
## Reference
### Inputs used
### API usage
- \`GET /things/{thing_id}/logs\`
### Vendor documentation links
### Data streams
`;

function toJson(content: unknown): string {
  return JSON.stringify(content, null, 1);
}

/** Text of every file by path. */
export const tinyPackage: ReadonlyMap<string, string> = new Map([
  ['manifest.yml', manifest],
  ['changelog.yml', changelog],
  ['validation.yml', 'docs_structure_enforced: { enabled: true, version: 1 }\n'],
  ['img/icon.svg', '<svg/>'],
  ['img/one.png', 'PNG'],
  ['_dev/build/docs/README.md', `{{generatedHeader}}\n# Tiny\n${headings}{{fields "s"}}\n{{event "s"}}\n`],
  ['docs/README.md', `<!-- NOTICE: Do not edit this file manually.-->\n<!-- This file is automatically generated by Elastic Package -->\n# Tiny\n${headings}`],
  ['kibana/dashboard/tiny-1.json', toJson(tinyDashboard)],
  ['data_stream/s/manifest.yml', streamManifest],
  ['data_stream/s/fields/base-fields.yml', baseFields],
  ['data_stream/s/fields/fields.yml', fields],
  ['data_stream/s/elasticsearch/ingest_pipeline/default.yml', pipeline],
  ['data_stream/s/agent/stream/cel.yml.hbs', program],
  ['data_stream/s/sample_event.json', toJson(sample)],
  ['data_stream/s/_dev/test/pipeline/test-s.json', toJson({ events })],
  ['data_stream/s/_dev/test/pipeline/test-s.json-expected.json', toJson({ expected })],
  ['data_stream/s/_dev/test/system/test-default-config.yml', 'skip: { reason: No stack., link: "https://example.com/tiny/issues/3" }\n'],
  ['data_stream/s/_dev/benchmark/pipeline/events.json', '{"events":[]}'],
]);
