import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PackageDefinition } from '../../src/definition/definition.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { type Fault, SettingsError } from '../../src/errors.ts';
import { loadSettings } from '../../src/settings/load-settings.ts';
import type { Settings } from '../../src/settings/settings.ts';

const account = '0123456789abcdef0123456789abcdef';
const zone = '023e105f4ecef8ad9ca31a8372d0c353';
const env = { CLOUDFLARE_API_TOKEN: 'token-of-the-environment' };

const complete = `
elasticsearch:
  url: http://127.0.0.1:9200/
  api_key: \${ELASTICSEARCH_API_KEY:}
connections:
  - name: main
    api_token: \${CLOUDFLARE_API_TOKEN}
    streams:
      audit:   { account_id: [${account}], interval: 5m, initial_interval: 24h }
      logpull: { zone_id: ${zone}, fields: default, interval: 10m, initial_interval: 1h, preserve_original_event: true }
`;

let definition: PackageDefinition;
let folder: string;

beforeAll(async () => {
  definition = await readDefinition('.');
  folder = await mkdtemp(join(tmpdir(), 'settings-'));
});

async function settingsOf(text: string): Promise<Settings> {
  const file = join(folder, 'settings.yml');
  await writeFile(file, text);
  return loadSettings(file, { env, definition });
}

async function faultsOf(text: string): Promise<readonly Fault[]> {
  const error = await settingsOf(text).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SettingsError);
  return (error as SettingsError).faults;
}

/** The complete settings with one connection's lines replaced. */
function connection(lines: string): string {
  return `elasticsearch: { url: 'http://127.0.0.1:9200' }\nconnections:\n  - name: main\n${lines
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n`;
}

describe('settings that are right', () => {
  it('looks members up only where the stream says so', async () => {
    expect((await settingsOf(complete)).connections[0]?.streams[0]).not.toHaveProperty('resolveMembers');
    const on = await settingsOf(complete.replace('interval: 5m', 'interval: 5m, resolve_members: true'));
    expect(on.connections[0]?.streams.map(({ resolveMembers }) => resolveMembers)).toEqual([true, undefined]);
    expect(await faultsOf(complete.replace('initial_interval: 1h', 'initial_interval: 1h, resolve_members: true'))).toMatchObject([
      { path: expect.stringContaining('streams.logpull') },
    ]);
  });

  it('fills in defaults, durations in milliseconds, presets and what makes the id', async () => {
    const settings = await settingsOf(complete);
    expect(settings.elasticsearch).toMatchObject({ url: 'http://127.0.0.1:9200', credential: { kind: 'none' }, pipeline: 'server' });
    expect(settings.state.path).toBe(join(folder, 'state'));
    expect(settings.state.deadLetters).toEqual({ store: 'file', maxBytes: 104_857_600 });
    const [main] = settings.connections;
    expect(main).toMatchObject({
      namespace: 'default',
      apiUrl: 'https://api.cloudflare.com/client/v4',
      credential: { kind: 'token', token: 'token-of-the-environment' },
    });
    expect(main?.streams[0]).toMatchObject({ stream: 'audit', scopeIds: [account], intervalMs: 300_000, initialIntervalMs: 86_400_000, fields: [] });
    expect(main?.streams[1]).toMatchObject({ stream: 'logpull', scopeIds: [zone], intervalMs: 600_000 });
    expect(main?.streams[1]?.tags).toContain('preserve_original_event');
    const logpull = definition.streams.find(({ name }) => name === 'logpull');
    expect(main?.streams[1]?.fields).toEqual(expect.arrayContaining([...(logpull?.sources[0]?.id ?? []), 'EdgeResponseStatus']));
  });

  it.each([
    ['', { maxLagMs: 3_600_000, heartbeatMs: 300_000 }],
    ['health: { address: 127.0.0.1:9464, max_lag: 30m, heartbeat: 0s }', { address: { host: '127.0.0.1', port: 9464 }, maxLagMs: 1_800_000, heartbeatMs: 0 }],
    ["health: { address: '[::1]:0', heartbeat: 1s }", { address: { host: '::1', port: 0 }, maxLagMs: 3_600_000, heartbeatMs: 1_000 }],
  ])('reads %j', async (text, health) => {
    expect((await settingsOf(`${complete}${text}\n`)).health).toEqual(health);
  });

  it('keeps the state in a folder unless another store is named, with a lease of thirty seconds', async () => {
    expect((await settingsOf(complete.replace(/^state:.*$/m, ''))).state).toMatchObject({ store: 'file', leaseMs: 30_000 });
  });

  it('takes where dead letters are kept, and how many', async () => {
    const { state } = await settingsOf(`${complete.replace(/^state:.*$/m, '')}\nstate: { dead_letters: { store: elasticsearch, max_bytes: 5000 } }`);
    expect(state.deadLetters).toEqual({ store: 'elasticsearch', maxBytes: 5000 });
  });

  it('takes a secret from a file, whatever characters it holds', async () => {
    await writeFile(join(folder, 'token'), '${NOT_A_REFERENCE}:#{}"\n');
    const settings = await settingsOf(connection('api_token: ${file:token}'));
    expect(settings.connections[0]?.credential).toEqual({ kind: 'token', token: '${NOT_A_REFERENCE}:#{}"' });
  });

  it('takes databases, relative paths from its folder, and none where the paths are empty', async () => {
    const withGeoip = (geoip: string) => settingsOf(complete.replace('api_key', `pipeline: edge\n  geoip: ${geoip}\n  api_key`));
    expect((await withGeoip('{ city: ./city.mmdb, asn: "${ASN:}" }')).elasticsearch.geoip).toEqual({ city: join(folder, 'city.mmdb') });
    expect((await withGeoip('{ city: "${CITY:}" }')).elasticsearch).not.toHaveProperty('geoip');
    expect((await settingsOf(complete)).elasticsearch).not.toHaveProperty('geoip');
  });

  it('takes all in place of ids, with names to choose by', async () => {
    const settings = await settingsOf(
      connection('api_token: x\nstreams: { audit: { account_id: all }, logpull: { zone_id: [all], zone_name: ["*.com", "!a.com"] } }'),
    );
    expect(settings.connections[0]?.streams).toMatchObject([
      { scopeIds: [], all: { scope: 'account', names: [] } },
      { scopeIds: [], all: { scope: 'zone', names: ['*.com', '!a.com'] } },
    ]);
  });

  it('takes a proxy for each side', async () => {
    const proxied = connection('api_token: x\nproxy_url: http://user:pass@127.0.0.1:1').replace("9200' }", "9200', proxy_url: 'https://127.0.0.1:2' }");
    const settings = await settingsOf(proxied);
    expect([settings.elasticsearch.proxyUrl, settings.connections[0]?.proxyUrl]).toEqual(['https://127.0.0.1:2', 'http://user:pass@127.0.0.1:1']);
  });

  it('derives the address from a cloud id', async () => {
    const cloudId = `name:${Buffer.from('eu.example.com:9243$abc$def').toString('base64')}`;
    const settings = await settingsOf(complete.replace('url: http://127.0.0.1:9200/', `cloud_id: ${cloudId}`));
    expect(settings.elasticsearch.url).toBe('https://abc.eu.example.com:9243');
  });
});

describe('the Kibana of the settings', () => {
  it('takes a key, a space and a proxy', async () => {
    const settings = await settingsOf(
      `${complete}kibana: { url: 'http://127.0.0.1:5601/base/', api_key: 'a2V5', space: ops, proxy_url: 'http://proxy:3128', ssl: { verification_mode: none }, interval: 2m }\n`,
    );
    expect(settings.kibana).toEqual({
      intervalMs: 120_000,
      url: 'http://127.0.0.1:5601/base',
      credential: { kind: 'apiKey', apiKey: 'a2V5' },
      space: 'ops',
      proxyUrl: 'http://proxy:3128',
      ssl: { certificateAuthorities: [], verification: 'none' },
    });
  });

  it('need not be there', async () => {
    expect((await settingsOf(complete)).kibana).toEqual({
      credential: { kind: 'none' },
      ssl: { certificateAuthorities: [], verification: 'full' },
      intervalMs: 60_000,
    });
  });

  it.each([
    ["{ url: '127.0.0.1:5601' }", 'kibana.url', 'this is no http or https address'],
    ["{ url: 'http://elastic:changeme@kibana' }", 'kibana.url', 'the address holds a credential'],
    ['{ username: elastic }', 'kibana', 'username is given alone'],
    ['{ api_key: a, username: elastic, password: b }', 'kibana', 'api_key and username and password are mixed'],
    ['{ space: My Space }', 'kibana.space', 'this value does not match ^[a-z0-9_-]+$'],
    ['{ token: a }', 'kibana', 'token is not a key here'],
    ['{ interval: 10ms }', 'kibana.interval', 'this is more often than once a second'],
  ])('refuses %s', async (kibana, path, message) => {
    expect(await faultsOf(`${complete}kibana: ${kibana}\n`)).toMatchObject([{ path, message }]);
  });
});

describe('settings that are refused', () => {
  const cases: readonly (readonly [string, string, string, RegExp])[] = [
    ['an unknown key', connection('api_tokn: x'), 'connections[0]', /api_tokn is not a key here.*Did you mean api_token\?/s],
    ['an unknown stream', connection('api_token: x\nstreams: { audits: {} }'), 'connections[0].streams', /Did you mean audit\?/],
    ['an unknown top-level key', `${complete}\nstates: {}`, '', /Did you mean state\?/],
    ['no credential', connection('namespace: default'), 'connections[0]', /has no credential/],
    ['token and key', connection('api_token: x\nauth_email: a@example.com\nauth_key: y'), 'connections[0]', /mixes api_token and auth_email and auth_key/],
    ['e-mail alone', connection('auth_email: a@example.com'), 'connections[0]', /auth_email has no auth_key/],
    ['key alone', connection('auth_key: y'), 'connections[0]', /auth_key has no auth_email/],
    ['a pasted header', connection('api_token: Bearer abc'), 'connections[0].api_token', /without the word Bearer/],
    [
      'a malformed id',
      connection(`api_token: x\nstreams: { audit: { account_id: [${account.slice(1)}] } }`),
      'connections[0].streams.audit.account_id[0]',
      /32 lower-case/,
    ],
    [
      'all beside ids',
      connection(`api_token: x\nstreams: { audit: { account_id: [all, ${account}] } }`),
      'connections[0].streams.audit.account_id',
      /all stands beside other values/,
    ],
    [
      'all accounts of a token that an account owns',
      connection('api_token: cfat_x\nstreams: { audit: { account_id: all } }'),
      'connections[0].streams.audit.account_id',
      /cannot list accounts.*Name the ids/,
    ],
    [
      'names without all',
      connection(`api_token: x\nstreams: { logpull: { zone_id: ${zone}, zone_name: a } }`),
      'connections[0].streams.logpull.zone_name',
      /zone_id is not all/,
    ],
    [
      'an empty name',
      connection('api_token: x\nstreams: { logpull: { zone_id: all, zone_name: ["!"] } }'),
      'connections[0].streams.logpull.zone_name[0]',
      /empty/,
    ],
    ['a proxy without a scheme', connection('api_token: x\nproxy_url: user:hush@proxy:1'), 'connections[0].proxy_url', /no address of a proxy/],
    [
      'a proxy of Elasticsearch without a scheme',
      complete.replace('api_key', 'proxy_url: proxy:1\n  api_key'),
      'elasticsearch.proxy_url',
      /no address of a proxy/,
    ],
    ['no account', connection('api_token: x\nstreams: { audit: {} }'), 'connections[0].streams.audit', /account_id is missing/],
    [
      'a bad duration',
      connection(`api_token: x\nstreams: { audit: { account_id: [${account}], interval: 5 minutes } }`),
      'connections[0].streams.audit.interval',
      /no duration/,
    ],
    [
      'an interval of nothing',
      connection(`api_token: x\nstreams: { audit: { account_id: [${account}], interval: 0s } }`),
      'connections[0].streams.audit.interval',
      /longer than nothing/,
    ],
    ['plain http to a remote host', connection('api_token: x\napi_url: http://cloudflare.example.com'), 'connections[0].api_url', /loopback only/],
    ['an unset variable', connection('api_token: ${NOT_SET}'), 'connections[0].api_token', /NOT_SET is not set/],
    ['a missing file', connection('api_token: ${file:not-there}'), 'connections[0].api_token', /not-there cannot be read \(ENOENT\)/],
    ['neither url nor cloud id', complete.replace('url: http://127.0.0.1:9200/', 'pipeline: edge'), 'elasticsearch', /neither url nor cloud_id/],
    ['a user name alone', complete.replace('api_key: ${ELASTICSEARCH_API_KEY:}', 'username: elastic'), 'elasticsearch', /username is given alone/],
    ['an unknown pipeline mode', complete.replace('api_key', 'pipeline: local\n  api_key'), 'elasticsearch.pipeline', /server, edge/],
    ['a health address without a port', `${complete}health: { address: localhost }\n`, 'health.address', /no address and port Write 127/],
    ['a health port beyond all', `${complete}health: { address: 'localhost:70000' }\n`, 'health.address', /no address and port/],
    ['no lag at all', `${complete}health: { max_lag: 0s }\n`, 'health.max_lag', /longer than nothing/],
    ['heartbeats without a rest', `${complete}health: { heartbeat: 10ms }\n`, 'health.heartbeat', /more often than once a second/],
    ['a lease that is too short', `${complete}\nstate: { store: elasticsearch, lease: 1s }`, 'state.lease', /1s is too short.*3s or more/],
    ['a lease that is no duration', `${complete}\nstate: { lease: soon }`, 'state.lease', /no duration/],
    ['an unknown place of dead letters', `${complete}\nstate: { dead_letters: { store: kafka } }`, 'state.dead_letters.store', /file, elasticsearch/],
    ['a limit of dead letters without room', `${complete}\nstate: { dead_letters: { max_bytes: 10 } }`, 'state.dead_letters.max_bytes', /1024/],
    ['no YAML', 'connections: [', 'line 1, column 15', /no YAML/],
    ['an empty file', '', '', /elasticsearch is missing/],
  ];

  it.each(cases)('%s', async (_name, text, path, message) => {
    const faults = await faultsOf(text);
    const texts = faults.filter((fault) => fault.path === path).map((fault) => `${fault.message} ${fault.hint}`);
    expect(texts.join('\n'), JSON.stringify(faults)).toMatch(message);
  });

  it('shows all faults at once', async () => {
    const faults = await faultsOf(connection('auth_key: y\napi_url: ftp://x\nstreams: { audit: {} }'));
    expect(faults.map(({ path }) => path)).toEqual(['connections[0].api_url', 'connections[0]', 'connections[0].streams.audit']);
  });

  it('never shows a value that may be a secret', async () => {
    const error = await settingsOf(connection('api_token: Bearer very-secret-token\nauth_key: other secret')).catch((reason: unknown) => reason);
    expect((error as SettingsError).message).not.toMatch(/very-secret|other secret/);
  });

  it('names two connections of one name', async () => {
    const faults = await faultsOf(`elasticsearch: { url: 'http://127.0.0.1:9200' }\nconnections: [{ name: a, api_token: x }, { name: a, api_token: y }]`);
    expect(faults.map(({ message }) => message)).toEqual(['a is the name of another connection']);
  });

  it('needs a connection, unless connections come from elsewhere', async () => {
    const text = "elasticsearch: { url: 'http://127.0.0.1:9200' }\nconnections: []";
    expect((await faultsOf(text)).map(({ path, message }) => `${path}: ${message}`)).toEqual(['connections: the list is empty']);
    const file = join(folder, 'settings.yml');
    for (const given of [text, text.split('\n')[0] ?? '']) {
      await writeFile(file, given);
      expect((await loadSettings(file, { env, definition, connections: 'optional' })).connections).toEqual([]);
    }
  });

  it('names a settings file that does not exist', async () => {
    await expect(loadSettings(join(folder, 'none.yml'), { env, definition })).rejects.toThrow(/none\.yml: the settings file does not exist/);
  });
});
