import { afterEach, describe, expect, it } from 'vitest';
import type { CredentialOptions, CloudflareOptions as WorldOptions } from '../../_dev/cloudflare/options.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import { type Cloudflare, openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import type { CloudflareCredential } from '../../src/settings/settings.ts';
import { connectionTo } from './sources.ts';

const source = (await readDefinition('.')).streams.find(({ name }) => name === 'user_audit')?.sources[0];
if (source === undefined) throw new Error('user_audit has no source');

const signal = new AbortController().signal;
const ACCOUNT = 'a'.repeat(32);
const HOUR = 3_600_000;
const OWNED = { kind: 'account_token', token: `cfat_${'o'.repeat(40)}`, accountId: ACCOUNT } as const satisfies CredentialOptions;
const OLD_OWNED = { ...OWNED, token: 'o'.repeat(40) } as const;
const USER = { kind: 'user_token', token: `cfut_${'u'.repeat(40)}`, email: 'ann@example.com' } as const satisfies CredentialOptions;
const OLD_USER = { ...USER, token: 'u'.repeat(40) } as const;
const KEY = { kind: 'global_key', email: 'ann@example.com', key: 'a'.repeat(40) } as const satisfies CredentialOptions;

let world: SimulatedCloudflare | undefined;
let cloudflare: Cloudflare | undefined;
afterEach(async () => {
  await cloudflare?.close();
  await world?.close();
  expect(world?.ledger.bugs).toEqual([]);
});

async function open(
  credential: CloudflareCredential,
  options: WorldOptions = {},
): Promise<{ readonly api: Cloudflare; readonly paths: () => readonly string[] }> {
  const started = await startCloudflare({ accounts: [{ id: ACCOUNT }], credentials: [OWNED, OLD_OWNED, USER, OLD_USER, KEY], ...options });
  world = started;
  cloudflare = await openCloudflare(connectionTo(started.url, { credential }), { version: '0.1.0' });
  return { api: cloudflare, paths: () => started.ledger.requests.map(({ path }) => path) };
}

async function readDay(api: Cloudflare): Promise<number> {
  const before = Math.floor(Date.now() / 1000) * 1000;
  let count = 0;
  const window = { since: before - 24 * HOUR, before };
  for await (const batch of api.readWindow(source as NonNullable<typeof source>, { stream: 'user_audit', scopeId: 'user', window }, signal))
    count += batch.length;
  return count;
}

const token = (text: string): CloudflareCredential => ({ kind: 'token', token: text });

describe("a source of the credential's user", () => {
  it.each([
    ['of a user', token(USER.token), []],
    ['of a user that no prefix tells', token(OLD_USER.token), ['/user/tokens/verify']],
    ['with e-mail and key', { kind: 'key', email: KEY.email, key: KEY.key } as const, []],
  ] as const)('is read with a credential %s, which is asked about once at most', async (_name, credential, asked) => {
    const { api, paths } = await open(credential);
    const before = Date.now();
    expect(await readDay(api)).toBe(await readDay(api));
    expect(await api.probe(source, { stream: 'user_audit', scopeId: 'user' }, signal)).toBeDefined();
    expect(Date.now()).toBeGreaterThanOrEqual(before);
    expect(paths()).toEqual([...asked, '/user/audit_logs', '/user/audit_logs', '/user/audit_logs']);
  });

  it.each([
    ['tells by its prefix', OWNED.token, []],
    ['tells when Cloudflare is asked', OLD_OWNED.token, ['/user/tokens/verify', '/user/tokens/verify']],
  ] as const)('is refused beforehand to a token of an account that %s', async (_name, text, asked) => {
    const { api, paths } = await open(token(text));
    const refusal = { act: 'pause', message: expect.stringMatching(/^reading user_audit of the credential's user: /), hint: expect.stringContaining('a user') };
    await expect(readDay(api)).rejects.toMatchObject(refusal);
    await expect(api.probe(source, { stream: 'user_audit', scopeId: 'user' }, signal)).rejects.toMatchObject(refusal);
    expect(paths()).toEqual(asked);
  });

  it('says what else is wrong with a token in the words about that', async () => {
    const { api } = await open(token(OLD_USER.token), { credentials: [{ ...OLD_USER, grants: { [ACCOUNT]: ['Logs Read'] } }] });
    await expect(readDay(api)).rejects.toMatchObject({ act: 'pause', hint: expect.stringMatching(/Account Settings Read.*an account owns cannot have it/) });
  });
});
