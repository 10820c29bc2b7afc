import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { PolicyError } from '../../src/errors.ts';
import { toPackagePolicy } from '../../src/kibana/package-policy.ts';
import { type FormContext, type TypedConnection, toConnection } from '../../src/kibana/to-connection.ts';

const definition = await readDefinition('.');
const ACCOUNT = 'a'.repeat(32);
const ZONE = 'b'.repeat(32);
const HIDDEN = { id: 'ref-1', isSecretRef: true };

/** A policy as `format=simplified` shows it. */
const simplified = (inputs: object = {}, streams: object = {}, more: object = {}): object => ({
  id: '1',
  name: 'main',
  namespace: '',
  enabled: true,
  policy_ids: [],
  package: { name: 'cloudflare_api', version: definition.version },
  inputs: { 'cloudflare_api-cel': { enabled: true, vars: inputs, streams } },
  ...more,
});

const audit = (vars: object, enabled = true): object => ({ 'cloudflare_api.audit': { enabled, vars } });

const convert = (item: object, context: Partial<FormContext> = {}): TypedConnection => toConnection(toPackagePolicy(item), { definition, env: {}, ...context });

function faultsOf(item: object, env: FormContext['env'] = {}): readonly string[] {
  try {
    convert(item, { env });
  } catch (error) {
    if (error instanceof PolicyError) return error.faults.map(({ file, path, message, hint }) => `${file} ${path}: ${message}. ${hint}`);
  }
  throw new Error('nothing was refused');
}

describe('an integration policy', () => {
  it('is the same connection in both of its forms', () => {
    const values = { api_url: 'https://api.cloudflare.com/client/v4', api_token: 'typed', auth_email: null, proxy_url: '' };
    const vars = { account_id: [ACCOUNT, ZONE], interval: '10m', tags: ['forwarded'], audit_api: 'both', preserve_original_event: true };
    const wrap = (given: object): object => Object.fromEntries(Object.entries(given).map(([name, value]) => [name, { type: 'text', value }]));
    const inputs = [
      {
        type: 'cel',
        policy_template: 'cloudflare_api',
        enabled: true,
        vars: { ...wrap(values), auth_key: { type: 'password' } },
        streams: [
          { enabled: true, data_stream: { type: 'logs', dataset: 'cloudflare_api.audit' }, vars: wrap(vars) },
          { enabled: false, data_stream: { type: 'logs', dataset: 'cloudflare_api.logpull' }, vars: wrap({ zone_id: [ZONE] }) },
        ],
      },
    ];
    const logpull = { 'cloudflare_api.logpull': { enabled: false, vars: { zone_id: [ZONE] } } };
    const expected = {
      connection: { name: 'main', namespace: 'default', api_url: values.api_url, api_token: 'typed', streams: { audit: vars } },
      notes: [],
      secrets: {},
    };
    expect(convert(simplified(values, { ...audit(vars), ...logpull }))).toEqual(expected);
    expect(convert(simplified({}, {}, { inputs }))).toEqual(expected);
  });

  it('that has an input switched off collects nothing of it', () => {
    const off = { 'cloudflare_api-cel': { enabled: false, vars: { api_token: 'x' }, streams: audit({ account_id: [ACCOUNT] }) } };
    expect(convert(simplified({}, {}, { inputs: off })).connection).toEqual({ name: 'main', namespace: 'default', streams: {} });
  });

  it.each([
    ['its own namespace', { namespace: 'own' }, 'own'],
    ['that of its agent policy', {}, 'inherited'],
  ])('has %s', (_what, more, namespace) => {
    expect(convert(simplified({}, {}, more), { namespace: 'inherited' }).connection.namespace).toBe(namespace);
  });

  it('takes names of fields however they are parted', () => {
    const { connection } = convert(simplified({}, { 'cloudflare_api.logpull': { vars: { zone_id: ZONE, fields: 'standard, BotScore\nWAFFlags' } } }));
    expect(connection.streams).toEqual({ logpull: { zone_id: ZONE, fields: ['standard', 'BotScore', 'WAFFlags'] } });
  });

  it('takes a hidden secret, and one that nobody typed in, from the environment', () => {
    const env = { CLOUDFLARE_API_TOKEN_MAIN: 'from-env', CLOUDFLARE_API_TOKEN_OTHER: 'wrong' };
    expect(convert(simplified({ api_token: HIDDEN }), { env }).connection.api_token).toBe('from-env');
    expect(convert(simplified(), { env }).connection.api_token).toBe('from-env');
    expect(convert(simplified({ api_token: 'typed' }), { env }).connection.api_token).toBe('typed');
    const legacy = [{ type: 'cel', enabled: true, vars: { api_token: { type: 'password', value: HIDDEN } }, streams: [] }];
    expect(convert(simplified({}, {}, { inputs: legacy }), { env }).connection.api_token).toBe('from-env');
  });

  it('says which variable of the environment is missing for a hidden secret', () => {
    expect(faultsOf(simplified({ api_token: HIDDEN, ssl: HIDDEN }, {}, { name: 'Main (EU)' }))).toEqual([
      'policy "Main (EU)" variable api_token: Kibana does not show this secret, and the environment variable CLOUDFLARE_API_TOKEN_MAIN_EU is not set. Set CLOUDFLARE_API_TOKEN_MAIN_EU where the collector runs, and start it again.',
      'policy "Main (EU)" variable ssl: Kibana does not show this secret, and the environment variable CLOUDFLARE_SSL_MAIN_EU is not set. Set CLOUDFLARE_SSL_MAIN_EU where the collector runs, and start it again.',
    ]);
  });

  it('has the options of ssl as the settings file has them, also from the environment', () => {
    const ssl = { certificate_authorities: ['/ca.pem'] };
    expect(convert(simplified({ ssl: 'certificate_authorities: [/ca.pem]' })).connection.ssl).toEqual(ssl);
    expect(convert(simplified({ ssl: HIDDEN }), { env: { CLOUDFLARE_SSL_MAIN: '{"certificate_authorities":["/ca.pem"]}' } }).connection.ssl).toEqual(ssl);
    expect(faultsOf(simplified({ ssl: 'ca_sha256: abc' }))).toEqual([
      expect.stringMatching(/^policy "main" variable ssl: the collector does not know ca_sha256\. Write YAML/),
    ]);
  });

  it('is told of what the collector does not do', () => {
    const unused = { processors: '- add_fields: {}', enable_request_tracer: true, account_id: [ACCOUNT], new_thing: 'x' };
    const { connection, notes } = convert(simplified({ newer: 1 }, audit(unused), { package: { name: 'cloudflare_api', version: '9.9.9' } }));
    expect(notes).toEqual([
      `it was made with version 9.9.9 of the package, and the collector is ${definition.version}: upgrade the older one`,
      'the variable newer is not known to this version of the collector, and is left out',
      'processors of audit is for Elastic Agent alone, and does nothing here',
      'enable_request_tracer of audit is for Elastic Agent alone, and does nothing here',
      'the variable new_thing of audit is not known to this version of the collector, and is left out',
    ]);
    expect(connection.streams).toEqual({ audit: { account_id: [ACCOUNT] } });
  });

  it('is not told of what it left as it was', () => {
    expect(convert(simplified({}, audit({ processors: '', enable_request_tracer: false }))).notes).toEqual([]);
  });
});
