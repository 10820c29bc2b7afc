import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { SettingsError } from '../../src/errors.ts';
import { createCompleteConnection } from '../../src/settings/complete-connection.ts';

const complete = createCompleteConnection(await readDefinition('.'));
const ACCOUNT = 'a'.repeat(32);
const place = { file: 'policy "main"', folder: '/etc/cloudflare', resolvePath: (path: string) => `/etc/cloudflare/${path}` };

function faultsOf(tree: object): readonly string[] {
  try {
    complete(tree, place);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults.map(({ file, path, message }) => `${file} ${path}: ${message}`);
  }
  throw new Error('nothing was refused');
}

describe('a connection from elsewhere', () => {
  it('is completed as one of the settings file', () => {
    const streams = { audit: { account_id: ACCOUNT, interval: '10m' } };
    expect(complete({ name: 'main', api_token: 'secret', ssl: { certificate_authorities: 'ca.pem' }, streams }, place)).toMatchObject({
      name: 'main',
      namespace: 'default',
      apiUrl: 'https://api.cloudflare.com/client/v4',
      credential: { kind: 'token', token: 'secret' },
      ssl: { certificateAuthorities: ['/etc/cloudflare/ca.pem'], verification: 'full' },
      streams: [
        {
          stream: 'audit',
          scopeIds: [ACCOUNT],
          intervalMs: 600_000,
          initialIntervalMs: 86_400_000,
          choices: { audit_api: 'v1' },
          sent: { drop_routine_reads: true },
        },
      ],
    });
  });

  it('takes the choice that switches a rule off, and no other kind of value', () => {
    const choose = (drop_routine_reads: unknown) =>
      complete({ name: 'main', api_token: 'x', streams: { audit: { account_id: ACCOUNT, drop_routine_reads } } }, place);
    expect(choose(false).streams).toMatchObject([{ sent: { drop_routine_reads: false } }]);
    expect(() => choose('no')).toThrow(SettingsError);
  });

  it('takes what looks like a reference as text', () => {
    const { credential } = complete({ name: 'main', api_token: '${HOME}', streams: {} }, place);
    expect(credential).toEqual({ kind: 'token', token: '${HOME}' });
  });

  it.each([
    [
      { name: 'main', api_token: 'x', streams: { audit: { account_id: 'all', interval: 'often' } } },
      ['streams.audit.interval: this is no duration: write 30s, 5m, 24h or 7d'],
    ],
    [{ name: 'main', api_token: 'x', streams: { audit: {} } }, ['streams.audit: account_id is missing']],
    [{ name: 'main', streams: {} }, [': the connection has no credential']],
    [
      { name: 'main', api_token: 'x', api_url: 'http://example.com' },
      ['api_url: plain http is for loopback only: the credential would be readable on the way'],
    ],
  ])('is refused with the place of each fault: %j', (tree, faults) => {
    expect(faultsOf(tree)).toEqual(faults.map((fault) => `policy "main" ${fault}`));
  });
});
