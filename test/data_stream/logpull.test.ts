import { describe, expect, it } from 'vitest';
import { DEFAULT_FIELD_NAMES } from '../../_dev/cloudflare/logpull/fields.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';

const { streams } = await readDefinition('.');
const stream = streams.find(({ name }) => name === 'logpull');
const presets = stream?.presets ?? {};
const types = new Map(stream?.fields.map(({ name, type }) => [name, type]));

/** Facts: names below `cloudflare.` in Elastic's own Logpull stream, and their types there, but for those that are wrong (compression ratio, zone id). */
const elasticTypes: Readonly<Record<string, string>> = {
  'cache.bytes': 'long',
  'cache.status': 'keyword',
  'cache.status_code': 'long',
  'cache.tiered_fill': 'boolean',
  'client.ip_class': 'keyword',
  'edge.colo.code': 'keyword',
  'edge.colo.id': 'long',
  'edge.pathing.op': 'keyword',
  'edge.pathing.src': 'keyword',
  'edge.pathing.status': 'keyword',
  'edge.rate_limit.action': 'keyword',
  'edge.rate_limit.id': 'long',
  'edge.response.content_type': 'keyword',
  'origin.response.bytes': 'long',
  'origin.response.expires': 'date',
  'origin.response.last_modified': 'date',
  'origin.response.status_code': 'long',
  'origin.response.time': 'long',
  'origin.ssl.protocol': 'keyword',
  'waf.flags': 'keyword',
  'waf.matched_var': 'keyword',
  'waf.profile': 'keyword',
  'worker.cpu_time': 'long',
  'worker.status': 'keyword',
  'worker.subrequest': 'boolean',
  'worker.subrequest_count': 'long',
  'zone.name': 'keyword',
};

describe('the declaration of logpull', () => {
  it('offers four presets, each with all that the default has, and all with everything', () => {
    expect(Object.keys(presets)).toEqual(['default', 'standard', 'security', 'all']);
    expect([...(presets.default ?? [])].sort()).toEqual([...DEFAULT_FIELD_NAMES].sort());
    for (const [name, members] of Object.entries(presets)) {
      expect([name, members]).toEqual([name, expect.arrayContaining([...(presets.default ?? [])])]);
      expect([name, presets.all]).toEqual([name, expect.arrayContaining([...members])]);
    }
  });

  it("gives what Elastic's stream has under the same name the same type", () => {
    const ours = Object.fromEntries(Object.keys(elasticTypes).map((name) => [name, types.get(`cloudflare.logpull.${name}`)]));
    expect(ours).toEqual(elasticTypes);
  });

  it('keeps free-form objects in fields whose keys cannot conflict', () => {
    const free = [
      'cookies',
      'request.headers',
      'response.headers',
      'client.ja4_signals',
      'worker.subrequests',
      'security.matched_rules',
      'ai_security.custom_topics',
    ];
    expect(free.map((name) => types.get(`cloudflare.logpull.${name}`))).toEqual(free.map(() => 'flattened'));
    expect([...types.values()].filter((type) => type === 'object' || type === 'nested')).toEqual([]);
  });
});
