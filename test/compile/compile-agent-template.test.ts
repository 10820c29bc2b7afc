import { describe, expect, it } from 'vitest';
import { compileAgentTemplate } from '../../src/compile/compile-agent-template.ts';
import { audit, definition, logpull } from './definition.ts';
import { type FleetQuoting, renderAgentTemplate } from './render-agent-template.ts';

const token = { api_url: 'https://api.cloudflare.com/client/v4', interval: '5m', initial_interval: '24h', api_token: 'secret' };
const ids = ['0123456789abcdef0123456789abcdef', '00000000000000000000000000000001', '00000000000000000000000000012e10'];

function render(
  name: 'audit' | 'logpull',
  variables: Parameters<typeof renderAgentTemplate>[1],
  quoting?: FleetQuoting,
): ReturnType<typeof renderAgentTemplate> {
  return renderAgentTemplate(String(compileAgentTemplate(name === 'audit' ? audit : logpull, definition)), variables, quoting);
}

/** A stream with one more variable. */
function renderWith(name: string, type: string, variables: Parameters<typeof renderAgentTemplate>[1]): ReturnType<typeof renderAgentTemplate> {
  const variable = { ...audit.variables[0], name, type } as never;
  return renderAgentTemplate(String(compileAgentTemplate({ ...audit, variables: [...audit.variables, variable] }, definition)), { ...token, ...variables });
}

describe('compileAgentTemplate', () => {
  it('hands the form to the program', () => {
    const config = render('audit', { ...token, account_id: ids });
    expect(config).toMatchObject({
      config_version: 2,
      interval: '5m',
      'resource.url': 'https://api.cloudflare.com/client/v4',
      state: { initial_interval: '24h', api_token: 'secret', want_more: false, user_agent: 'cloudflare-integration/0.1.0' },
      redact: { fields: ['api_token', 'auth_key'] },
      tags: null,
    });
    expect(config).not.toHaveProperty('publisher_pipeline.disable_host');
    expect(config).not.toHaveProperty('resource.tracer');
    expect(config.state).not.toHaveProperty('auth_email');
  });

  it('takes e-mail and key in place of a token, a proxy, tags and the original event', () => {
    const { api_token, ...connection } = token;
    const given = { auth_email: 'a@example.com', auth_key: 'key', proxy_url: 'http://proxy:3128' };
    const config = render('audit', { ...connection, ...given, account_id: ids, tags: ['forwarded', 'mine'], preserve_original_event: true });
    expect(config.state).toMatchObject({ auth_email: 'a@example.com', auth_key: 'key' });
    expect(config.state).not.toHaveProperty('api_token');
    expect(config).toMatchObject({
      'resource.proxy_url': 'http://proxy:3128',
      tags: ['forwarded', 'mine', 'preserve_original_event'],
      'publisher_pipeline.disable_host': true,
    });
  });

  it.each<FleetQuoting>(['quotes numbers', 'quotes nothing'])('keeps ids and secrets texts that look like numbers, where Fleet %s', (quoting) => {
    const { state } = render('audit', { ...token, api_token: `'0x12`, account_id: ids }, quoting);
    expect((state.scopes as readonly string[]).map((id) => id.replaceAll('"', ''))).toEqual(ids);
    expect(render('audit', { ...token, api_token: "it's: #1", account_id: ids }, quoting).state.api_token).toBe("it's: #1");
  });

  it('hands what the mapping reads to the program, where it is given', () => {
    const listed = { ...audit.fields[0], name: 'cloudflare.audit.zone.critical', origin: { kind: 'listed', of: ['user.name'], in: 'critical_zones' } } as never;
    const variable = { ...audit.variables[0], name: 'critical_zones', type: 'text' } as never;
    const stream = { ...audit, fields: [...audit.fields, listed], variables: [...audit.variables, variable] };
    const template = String(compileAgentTemplate(stream, definition));
    const given = { ...token, account_id: ids };
    expect(renderAgentTemplate(template, { ...given, critical_zones: ['example.com', 'shop.example'] }).state).toMatchObject({
      critical_zones: ['example.com', 'shop.example'],
    });
    expect(renderAgentTemplate(template, given).state).not.toHaveProperty('critical_zones');
  });

  it('hands on that a rule is switched off as well as that it is on', () => {
    const drop = { name: 'notes', description: '', variable: 'drop_notes', byDefault: true, when: { kind: 'exists', field: 'user.name' } } as const;
    const variable = { ...audit.variables[0], name: 'drop_notes', type: 'bool', multi: false } as never;
    const template = String(compileAgentTemplate({ ...audit, drops: [drop], variables: [...audit.variables, variable] }, definition));
    for (const drop_notes of [true, false])
      expect(renderAgentTemplate(template, { ...token, account_id: ids, drop_notes }).state).toMatchObject({ drop_notes });
  });

  it('says of the tracer always whether it is on, for then the input removes old traces', () => {
    for (const enabled of [true, false]) {
      const config = renderWith('enable_request_tracer', 'bool', { account_id: ids, enable_request_tracer: enabled });
      expect(config['resource.tracer']).toEqual({ enabled, filename: '../../logs/cel/http-request-trace-*.ndjson', maxbackups: 5 });
    }
  });

  it('asks at half the pace that Cloudflare allows a user, and leaves it to the Logpull program what is asked again', () => {
    expect(render('audit', { ...token, account_id: ids })).toMatchObject({ 'resource.rate_limit.limit': 2 });
    const lines = { 'resource.rate_limit.limit': 1.5, 'resource.retry.max_attempts': 1 };
    expect(render('logpull', { ...token, zone_id: ids, fields: 'standard' })).toMatchObject(lines);
  });

  it('drops what is only for the input, and lets the user process the rest', () => {
    const drop = { drop_event: { when: { or: [{ equals: { '_conf.empty': true } }, { has_fields: ['error.message'] }] } } };
    expect(render('audit', { ...token, account_id: ids }).processors).toEqual([drop]);
    const config = renderWith('processors', 'yaml', { account_id: ids, processors: '- add_tags:\n    tags: [x]\n' });
    const always = [
      ['if', { has_fields: ['message'] }],
      ['then', [{ add_tags: { tags: ['x'] } }]],
    ];
    expect(config.processors.map((processor) => Object.entries(processor))).toEqual([Object.entries(drop), always]);
  });

  it('resolves presets of fields and always asks for those of the id', () => {
    const config = render('logpull', { ...token, zone_id: ids, fields: 'standard' });
    expect(config.state).toMatchObject({ fields: ['standard'] });
    expect(config.program).toContain('"standard": "ClientIP,RayID,EdgeStartTimestamp"');
    expect(config.program).toContain('["RayID", "EdgeStartTimestamp"].as(needed,');
  });

  it('has none for a stream without source', () => {
    expect(compileAgentTemplate({ ...audit, sources: [] }, definition)).toBeUndefined();
  });

  it('refuses a program that Handlebars would misread', () => {
    const [source] = audit.sources;
    const stream = { ...audit, sources: [{ ...source, request: { ...source?.request, query: { q: '{{x}}' } } }] } as never;
    expect(() => compileAgentTemplate(stream, definition)).toThrow('data_stream/audit/stream.yml sources[0]: two opening braces in the request');
  });
});
