import { describe, expect, it } from 'vitest';
import { openLog } from '../../src/cli/log.ts';
import { toSecrets } from '../../src/cli/to-secrets.ts';

const TIME = new Date('2026-01-02T03:04:05.678Z');

function capture(options: { readonly isTTY?: boolean; readonly secrets?: readonly string[] }) {
  const lines: string[] = [];
  const stream = { isTTY: options.isTTY ?? false, write: (text: string) => lines.push(text) };
  return { lines, log: openLog({ stream, now: () => TIME, secrets: options.secrets ?? [] }) };
}

describe('the log', () => {
  it('is ECS JSON, one line each', () => {
    const { lines, log } = capture({});
    log('info', 'main: 3 read\nand more', { 'cloudflare.collector': { read: 3 } });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      '@timestamp': TIME.toISOString(),
      'log.level': 'info',
      message: 'main: 3 read\nand more',
      'cloudflare.collector': { read: 3 },
    });
  });

  it('is a readable line on a terminal', () => {
    const { lines, log } = capture({ isTTY: true });
    log('warn', 'slow', { tries: 2 });
    expect(lines).toEqual(['03:04:05 warn  slow tries=2\n']);
  });

  it.each([true, false])('never shows a secret, wherever it stands (terminal: %s)', (isTTY) => {
    const secret = 'cfut_0123456789/abcdef';
    const { lines, log } = capture({ isTTY, secrets: [secret, 'short'] });
    log('error', `answered ${secret}${secret}`, { detail: { header: `Bearer ${secret}` } });
    expect(lines.join('')).not.toContain(secret);
    expect(lines.join('').match(/\[redacted\]/g)).toHaveLength(3);
  });

  it.each([true, false])('nor one that JSON writes otherwise (terminal: %s)', (isTTY) => {
    const secret = 'pass"word\\with-ü';
    const { lines, log } = capture({ isTTY, secrets: [secret] });
    log('error', `answered ${secret}`, { detail: { header: secret } });
    expect(lines.join('')).not.toContain('with-ü');
  });

  it('knows every secret of the settings', () => {
    const ssl = { certificateAuthorities: [], verification: 'full' } as const;
    const connection = { name: 'a', namespace: 'default', apiUrl: 'https://x', ssl, timeoutMs: 1, streams: [] };
    const connections = [
      { ...connection, credential: { kind: 'token', token: 'token-secret' } as const },
      { ...connection, credential: { kind: 'key', email: 'a@example.com', key: 'key-secret' } as const },
    ];
    const settingsWith = (credential: Parameters<typeof toSecrets>[0]['elasticsearch']['credential']) => ({
      elasticsearch: { url: 'http://x', credential, pipeline: 'server' as const, ssl },
      kibana: { credential: { kind: 'apiKey' as const, apiKey: 'kibana-secret' }, ssl, intervalMs: 60_000 },
      state: { path: '/x', store: 'file' as const, leaseMs: 30_000, deadLetters: { store: 'file' as const, maxBytes: 1 } },
      health: { maxLagMs: 3_600_000, heartbeatMs: 300_000 },
      connections,
    });
    const kibana = ['kibana-secret', Buffer.from('kibana-secret').toString('base64')];
    expect(toSecrets(settingsWith({ kind: 'none' }))).toEqual([...kibana, 'token-secret', 'key-secret']);
    expect(toSecrets(settingsWith({ kind: 'apiKey', apiKey: 'api-secret' }))).toContain('api-secret');
    expect(toSecrets(settingsWith({ kind: 'basic', username: 'u', password: 'pass-secret' }))).toContain('pass-secret');
  });
});
