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
  return loadSettings(file, env, definition);
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

  it('takes where dead letters are kept, and how many', async () => {
    const { state } = await settingsOf(`${complete}\nstate: { dead_letters: { store: elasticsearch, max_bytes: 5000 } }`);
    expect(state.deadLetters).toEqual({ store: 'elasticsearch', maxBytes: 5000 });
  });

  it('takes a secret from a file, whatever characters it holds', async () => {
    await writeFile(join(folder, 'token'), '${NOT_A_REFERENCE}:#{}"\n');
    const settings = await settingsOf(connection('api_token: ${file:token}'));
    expect(settings.connections[0]?.credential).toEqual({ kind: 'token', token: '${NOT_A_REFERENCE}:#{}"' });
  });

  it('derives the address from a cloud id', async () => {
    const cloudId = `name:${Buffer.from('eu.example.com:9243$abc$def').toString('base64')}`;
    const settings = await settingsOf(complete.replace('url: http://127.0.0.1:9200/', `cloud_id: ${cloudId}`));
    expect(settings.elasticsearch.url).toBe('https://abc.eu.example.com:9243');
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

  it('names a settings file that does not exist', async () => {
    await expect(loadSettings(join(folder, 'none.yml'), env, definition)).rejects.toThrow(/none\.yml: the settings file does not exist/);
  });
});
