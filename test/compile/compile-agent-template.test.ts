import { describe, expect, it } from 'vitest';
import { compileAgentTemplate } from '../../src/compile/compile-agent-template.ts';
import { audit, definition, logpull } from './definition.ts';
import { renderAgentTemplate } from './render-agent-template.ts';

const token = { api_url: 'https://api.cloudflare.com/client/v4', interval: '5m', initial_interval: '24h', api_token: 'secret' };
const ids = ['0123456789abcdef0123456789abcdef', '00000000000000000000000000000001', '00000000000000000000000000012e10'];

function render(name: 'audit' | 'logpull', variables: Parameters<typeof renderAgentTemplate>[1]): ReturnType<typeof renderAgentTemplate> {
  return renderAgentTemplate(String(compileAgentTemplate(name === 'audit' ? audit : logpull, definition)), variables);
}

describe('compileAgentTemplate', () => {
  it('hands the form to the program', () => {
    const config = render('audit', { ...token, account_id: ids });
    expect(config).toMatchObject({
      config_version: 2,
      interval: '5m',
      'resource.url': 'https://api.cloudflare.com/client/v4',
      state: { initial_interval: '24h', api_token: 'secret', scopes: ids, want_more: false, user_agent: 'cloudflare-integration/0.1.0' },
      redact: { fields: ['api_token', 'auth_key'] },
      tags: null,
    });
    expect(config).not.toHaveProperty('publisher_pipeline.disable_host');
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
      tags: ['preserve_original_event', 'forwarded', 'mine'],
      'publisher_pipeline.disable_host': true,
    });
  });

  it('drops what is only for the input, and lets the user process the rest', () => {
    const drop = { drop_event: { when: { or: [{ equals: { '_conf.empty': true } }, { has_fields: ['error.message'] }] } } };
    expect(render('audit', { ...token, account_id: ids }).processors).toEqual([drop]);
    const processors = { ...audit.variables[0], name: 'processors', type: 'yaml' } as never;
    const template = String(compileAgentTemplate({ ...audit, variables: [...audit.variables, processors] }, definition));
    const config = renderAgentTemplate(template, { ...token, account_id: ids, processors: '[{ add_tags: { tags: [x] } }]' });
    const always = [
      ['if', { has_fields: ['message'] }],
      ['then', [{ add_tags: { tags: ['x'] } }]],
    ];
    expect(config.processors.map((processor) => Object.entries(processor))).toEqual([Object.entries(drop), always]);
  });

  it('resolves presets of fields and always asks for those of the id', () => {
    const config = render('logpull', { ...token, zone_id: ids, fields: 'standard' });
    expect(config.state).toMatchObject({ scopes: ids, fields: ['standard'] });
    expect(config.program).toContain('"standard": "ClientIP,RayID,EdgeStartTimestamp"');
    expect(config.program).toContain('["RayID", "EdgeStartTimestamp"].filter(');
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
