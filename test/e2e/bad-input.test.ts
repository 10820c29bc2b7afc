import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, PROJECT, runCli } from '../cli/run-cli.ts';
import { copyDeclarations } from './open-scene.ts';
import { readFiles } from './read-files.ts';

const ID = '0123456789abcdef0123456789abcdef';
const TOKEN = 'cfut_secretsecretsecretsecretsecretsecret01';
/** Port 9 is that of discard, where nobody listens. */
const CLOSED = 'http://127.0.0.1:9';

let folder: string;
let project: string;
/** A folder for each of the group's tests, which run one after the other. */
function useFolder(): void {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bad-input-'));
    project = join(folder, 'project');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
}

const run = (argv: readonly string[], projectFolder = PROJECT, env = {}) => runCli(argv, { cwd: folder, projectFolder, env });

/** What went wrong, where, and what to do; nothing besides, no stack, no secret. */
function expectMessage({ exitCode, stderr, stdout }: CliResult, ...parts: readonly (string | RegExp)[]): void {
  expect(exitCode, stderr).toBe(2);
  expect(stdout).toBe('');
  for (const part of parts) expect(stderr).toMatch(part);
  expect(stderr).not.toMatch(/^\s+at |This is a bug|\bError:/m);
  expect(stderr).not.toContain(TOKEN);
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(project, file);
  const before = await readFile(path, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(path, after);
}

describe('a broken declaration', () => {
  useFolder();
  const settings = () => writeFile(join(folder, 'cloudflare-integration.yml'), JSON.stringify({ elasticsearch: { url: CLOSED }, connections: [] }));

  it.each(['build', 'install', 'uninstall', 'check', 'collect', 'preview records.json --stream audit'])('stops %s with all its faults', async (command) => {
    await copyDeclarations(project, 'broken');
    await settings();
    await edit('data_stream/audit/fields.yml', (content) => content.replace('name: user.email', 'name: user.emial'));
    await edit('data_stream/logpull/stream.yml', (content) => content.replace('scope: zone', 'scope: galaxy'));
    const before = await readFiles(folder);
    const ended = await run(command.split(' '), project);
    expectMessage(
      ended,
      /data_stream\/audit\/fields\.yml \[\d+\]\.name: user\.emial is no field of ECS\n +Did you mean user\.email\?/,
      /data_stream\/logpull\/stream\.yml sources\[0\]\.scope: .*\n +Use one of: account, zone, user/,
      /^ {2}Mend the named places/m,
    );
    expect(await readFiles(folder)).toEqual(before);
  });

  it('that is no YAML names the line', async () => {
    await copyDeclarations(project, 'broken');
    await edit('data_stream/audit/rules.yml', (content) => `${content}\n- name: [`);
    expectMessage(await run(['build'], project), /data_stream\/audit\/rules\.yml: no YAML in line \d+/);
  });

  it('whose folder is missing says so', async () => {
    expectMessage(await run(['build'], join(folder, 'nowhere')), /manifest\.yml/);
  });
});

const connection = { name: 'main', api_token: TOKEN, streams: { audit: { account_id: [ID] } } };
const settingsOf = (given: object = {}, changed: object = {}) => ({ elasticsearch: { url: CLOSED }, connections: [{ ...connection, ...changed }], ...given });

const WRONG_SETTINGS: readonly (readonly [name: string, settings: object | string, ...parts: readonly RegExp[]])[] = [
  ['an unknown key', settingsOf({ elasticsaerch: {} }), /cloudflare-integration\.yml.*elasticsaerch is not a key here/, /Did you mean elasticsearch\?/],
  ['an unknown key of a connection', settingsOf({}, { api_tokn: 'x' }), /connections\[0\].*api_tokn is not a key here/, /Did you mean api_token\?/],
  ['an unknown stream', settingsOf({}, { streams: { audits: {} } }), /connections\[0\]\.streams.*audits is not a key here/, /Did you mean audit\?/],
  ['no credential', settingsOf({}, { api_token: '' }), /connections\[0\].*no credential/, /Set api_token, or auth_email and auth_key/],
  ['two credentials', settingsOf({}, { auth_email: 'a@example.com', auth_key: 'k' }), /connections\[0\].*mixes api_token and auth_email and auth_key/],
  ['half a credential', settingsOf({}, { api_token: '', auth_key: 'k'.repeat(40) }), /auth_key has no auth_email/, /Add auth_email/],
  ['a token with blanks', settingsOf({}, { api_token: `Bearer ${TOKEN}` }), /connections\[0\]\.api_token.*blanks/, /without the word Bearer/],
  ['an id that is none', settingsOf({}, { streams: { audit: { account_id: ['0123'] } } }), /account_id\[0\].*this is no id/],
  ['no id', settingsOf({}, { streams: { audit: {} } }), /streams\.audit.*account_id is missing/],
  ['a duration that is none', settingsOf({}, { streams: { audit: { account_id: [ID], interval: 'often' } } }), /interval.*this is no duration/],
  ['plain http far away', settingsOf({}, { api_url: 'http://api.example.com' }), /connections\[0\]\.api_url.*loopback/, /Use https/],
  ['a variable that is not set', settingsOf({}, { api_token: '${NO_SUCH_VARIABLE}' }), /connections\[0\]\.api_token.*NO_SUCH_VARIABLE/],
  ['a file that is not there', settingsOf({}, { api_token: '${file:no-such-file}' }), /connections\[0\]\.api_token.*no-such-file/],
  ['no address', settingsOf({ elasticsearch: {} }), /elasticsearch.*neither url nor cloud_id/],
  ['two connections of one name', settingsOf({ connections: [connection, connection] }), /connections\[1\].*main/],
  [
    'a database key that is none',
    settingsOf({ elasticsearch: { url: CLOSED, geoip: { citty: 'x' } } }),
    /elasticsearch\.geoip: citty is not a key here/,
    /city\?/,
  ],
  ['no YAML', 'elasticsearch: [', /cloudflare-integration\.yml line \d+/, /Correct the line/],
];

describe('wrong settings', () => {
  useFolder();
  const commands = ['install', 'check', 'collect --once', 'uninstall'];

  it.each(WRONG_SETTINGS.map(([name, settings, ...parts]) => ({ name, settings, parts })))('$name', async ({ settings, parts }) => {
    await writeFile(join(folder, 'cloudflare-integration.yml'), typeof settings === 'string' ? settings : JSON.stringify(settings));
    for (const command of commands) expectMessage(await run(command.split(' ')), /the settings have faults/, /^ {2}Mend the named places/m, ...parts);
    expect(Object.keys(await readFiles(folder))).toEqual(['cloudflare-integration.yml']);
  });

  it.each(['check', 'collect --once'])('without a connection stop %s, which has nothing to do then', async (command) => {
    await writeFile(join(folder, 'cloudflare-integration.yml'), JSON.stringify({ elasticsearch: { url: CLOSED } }));
    expectMessage(await run(command.split(' ')), /the settings have faults/, /^ {2}Mend the named places/m, /connections is missing/);
  });

  it.each(commands)('that are not there stop %s', async (command) => {
    expectMessage(await run([...command.split(' '), '--config', 'other.yml']), /other\.yml: the settings file does not exist/, /--config FILE/);
  });

  it('all faults of a file are shown together', async () => {
    const settings = settingsOf({ elasticsearch: { url: 'ftp://x' } }, { api_token: '', api_url: 'http://api.example.com' });
    await writeFile(join(folder, 'cloudflare-integration.yml'), JSON.stringify(settings));
    expectMessage(await run(['check']), /\(3 faults\)/, /elasticsearch\.url/, /api_url/, /no credential/);
  });

  it.each(['check', 'collect --once', 'collect'])('databases that are not there stop %s at the edge before anything is asked', async (command) => {
    const elasticsearch = { url: CLOSED, pipeline: 'edge', geoip: { city: 'city.mmdb', asn: 'asn.mmdb' } };
    await writeFile(join(folder, 'cloudflare-integration.yml'), JSON.stringify(settingsOf({ elasticsearch })));
    expectMessage(
      await run(command.split(' ')),
      /\(2 faults\)/,
      /elasticsearch\.geoip\.city: the database \S+city\.mmdb does not exist\n +Correct/,
      /geoip\.asn/,
    );
    expect(Object.keys(await readFiles(folder))).toEqual(['cloudflare-integration.yml']);
  });

  it('that collect nothing stop collect', async () => {
    await writeFile(join(folder, 'cloudflare-integration.yml'), JSON.stringify(settingsOf({}, { streams: {} })));
    expectMessage(await run(['collect', '--once']), /no connection has a data stream to collect/, /account_id/);
  });
});

/** For tests that wait for a time-out beside each other: each with a folder of its own. */
async function inFolder(act: (cwd: string) => Promise<void>): Promise<void> {
  const cwd = await mkdtemp(join(tmpdir(), 'bad-input-'));
  await act(cwd).finally(() => rm(cwd, { recursive: true, force: true }));
}

describe('an Elasticsearch that does not answer', () => {
  it.concurrent.each(['install', 'uninstall', 'collect --once', 'collect'])('stops %s, and leaves nothing behind', async (command) => {
    await inFolder(async (cwd) => {
      await writeFile(join(cwd, 'cloudflare-integration.yml'), JSON.stringify(settingsOf()));
      expectMessage(await runCli(command.split(' '), { cwd }), /127\.0\.0\.1:9/, /ECONNREFUSED|refused|does not answer/i, /elasticsearch\.url/);
      expect(Object.keys(await readFiles(cwd))).toEqual(['cloudflare-integration.yml']);
    });
  });

  it.concurrent('is one finding of check beside the others', async () => {
    await inFolder(async (cwd) => {
      await writeFile(join(cwd, 'cloudflare-integration.yml'), JSON.stringify(settingsOf({}, { api_url: `${CLOSED}/client/v4` })));
      const { exitCode, stderr, stdout } = await runCli(['check'], { cwd });
      expect(exitCode, stderr).toBe(2);
      expect(stdout).toMatch(/FAIL +Elasticsearch at http:\/\/127\.0\.0\.1:9: .*\n +\S.*elasticsearch\.url/);
      expect(stdout).toMatch(/FAIL +connection main: audit v1, account 0123.*: .*\n +Check that this machine reaches/);
      expect(stdout + stderr).not.toContain(TOKEN);
    });
  });
});

describe('a Node that is too old', () => {
  useFolder();
  const old = "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.18.3'}})";

  it.each([
    ['src/cli/bin.js', ['--help']],
    ['_dev/test/run.js', []],
  ] as const)('is told so by %s', async (file, args) => {
    const child = spawn(process.execPath, ['--import', old, join(PROJECT, file), ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(await ended).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/20\.18\.3/);
    expect(stderr).toMatch(/20\.19/);
    expect(stderr).toMatch(/nodejs\.org/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
