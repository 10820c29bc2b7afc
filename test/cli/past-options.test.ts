import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

const ACCOUNT = '0123456789abcdef0123456789abcdef';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'past-options-'));
  const streams = { audit: { account_id: [ACCOUNT, 'f'.repeat(32)] } };
  const connections = [
    { name: 'main', api_token: 't'.repeat(40), streams },
    { name: 'other', api_token: 'u'.repeat(40), streams: {} },
  ];
  // Nobody listens there: a mistake is found before anything is asked.
  await writeFile(join(folder, 'settings.yml'), JSON.stringify({ elasticsearch: { url: 'http://127.0.0.1:9' }, connections }));
});
afterAll(() => rm(folder, { recursive: true }));

const INTERVAL = '--from 2026-01-01 --to 2026-02-01';

describe.each(['backfill', 'verify'])('a mistake in what %s is asked for ends with 2, one message and what was meant', (command) => {
  it.each<[given: string, ...parts: string[]]>([
    [INTERVAL, 'which connection is not said', 'Add --connection NAME. There are: main, other.'],
    [`--connection mian ${INTERVAL}`, 'mian is no connection of the settings', 'Did you mean main? There are: main, other.'],
    [`--connection main ${INTERVAL}`, 'which stream is not said', 'Add --stream NAME. There are: audit.'],
    [`--connection main --stream audits ${INTERVAL}`, 'audits is no stream of connection main', 'Did you mean audit?'],
    [`--connection other --stream audit ${INTERVAL}`, 'audit is no stream of connection other', 'There is none in connection other.'],
    [
      `--connection main --stream audit --scope ${ACCOUNT.replace('0', '9')} ${INTERVAL}`,
      'is no scope of the stream audit in the settings',
      `Did you mean ${ACCOUNT}?`,
    ],
    ['--connection main --stream audit --to 1d', '--from is not given', 'Add --from TIME.'],
    ['--connection main --stream audit --from 1d', '--to is not given', 'Add --to TIME.'],
    ['--connection main --stream audit --from lately --to 1d', '--from lately is no time', 'or how long ago it was as 7d or 12h.'],
    ['--connection main --stream audit --from 1d --to 2d', '--from 1d is not before --to 2d', 'Exchange them'],
    ['--connection main --stream audit --from 2099-01-01 --to 2099-02-01', '--from 2099-01-01 lies in the future', 'Name a time in the past.'],
    ['--conection main', "unknown option '--conection'", 'Did you mean --connection?'],
  ])('%s', async (given, ...parts) => {
    const { exitCode, stderr, stdout } = await runCli([command, '--config', join(folder, 'settings.yml'), ...given.split(' ')]);
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 2, stdout: '' });
    for (const part of parts) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/^\s+at |This is a bug/m);
  });
});
