import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CredentialOptions } from '../../_dev/cloudflare/options.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import { Closing } from '../../src/cli/closing.ts';
import type { CommandContext } from '../../src/cli/context.ts';
import { createBudgets } from '../../src/cli/open-budgets.ts';
import type { Opened } from '../../src/cli/open-settings.ts';
import type { Budget } from '../../src/cloudflare/budget.ts';
import { toBudgetKey } from '../../src/cloudflare/budget-key.ts';
import { type BudgetStore, createMemoryStore } from '../../src/cloudflare/budget-store.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { SettingsError } from '../../src/errors.ts';
import type { ConnectionSettings } from '../../src/settings/settings.ts';
import { ACCOUNT, connectionTo } from '../cloudflare/sources.ts';

const KEY = `cfk_${'simulated'.repeat(5)}09`;
const secret = (number: number): string => `cfut_${'simulated'.repeat(5)}${number}`;
const token = (number: number, more: object = {}): CredentialOptions => ({ kind: 'user_token', token: secret(number), email: 'one@example.com', ...more });
const everything: readonly CredentialOptions[] = [
  token(1),
  token(2),
  token(3, { grants: { '*': ['Account Settings Read'] } }),
  token(4, { email: 'two@example.com' }),
  { kind: 'global_key', email: 'one@example.com', key: KEY },
];

const definition = await readDefinition('.');

let api: SimulatedCloudflare;
let closing: Closing;
beforeEach(async () => {
  api = await startCloudflare({ credentials: everything });
  closing = new Closing();
});
afterEach(async () => {
  await closing.close();
  await api.close();
});

const byToken = (name: string, number: number, more: Partial<ConnectionSettings> = {}): ConnectionSettings =>
  connectionTo(api.url, { name, credential: { kind: 'token', token: secret(number) }, ...more });

function open(connections: readonly ConnectionSettings[], store: BudgetStore = createMemoryStore(), polling = false): Promise<ReadonlyMap<string, Budget>> {
  const settings = { connections, state: { path: '.', store: 'file' } };
  const context = { env: {}, signal: new AbortController().signal };
  const opened = { settings, definition, file: 'settings.yml' } as unknown as Opened;
  return createBudgets(opened, context as unknown as CommandContext, { store, closing, polling })(connections);
}

describe('rate budgets', () => {
  it('are one for all credentials of a user', async () => {
    const key = connectionTo(api.url, { name: 'key', credential: { kind: 'key', email: 'one@example.com', key: KEY } });
    const budgets = await open([byToken('a', 1), byToken('b', 2), key, byToken('other', 4)]);
    expect(budgets.get('b')).toBe(budgets.get('a'));
    expect(budgets.get('key')).toBe(budgets.get('a'));
    expect(budgets.get('other')).not.toBe(budgets.get('a'));
  });

  it('are one for each credential that may not say whose it is, unless the settings name one', async () => {
    const budgets = await open([byToken('a', 1), byToken('silent', 3), byToken('same', 3)]);
    expect(budgets.get('silent')).not.toBe(budgets.get('a'));
    expect(budgets.get('same')).toBe(budgets.get('silent'));
    const named = await open([byToken('a', 1, { rateBudget: 'x' }), byToken('silent', 3, { rateBudget: 'x' }), byToken('other', 1)]);
    expect(named.get('silent')).toBe(named.get('a'));
    expect(named.get('other')).not.toBe(named.get('a'));
  });

  it('take the smallest share that one of their connections asks for', async () => {
    const budgets = await open([byToken('a', 1, { rateBudgetShare: 1 }), byToken('b', 2, { rateBudgetShare: 0.1 })]);
    expect(budgets.get('a')?.left()).toBe(120);
  });

  it('do not ask whose a credential is where nobody shares', async () => {
    await open([byToken('a', 1)]);
    expect(api.ledger.requests).toEqual([]);
  });

  it('remember whose a credential is, for those who cannot ask', async () => {
    const store = createMemoryStore();
    await open([byToken('a', 1), byToken('b', 2)], store);
    const asked = api.ledger.requests.length;
    const budgets = await open([byToken('a', 1), byToken('b', 2)], store);
    expect(api.ledger.requests).toHaveLength(asked);
    expect(budgets.get('a')).toBe(budgets.get('b'));
  });

  it('go by the credential where Cloudflare cannot be asked', async () => {
    api.faults.add({ match: { path: '/user' }, answer: { status: 503 } });
    const budgets = await open([byToken('a', 1), byToken('b', 2)]);
    expect(budgets.get('a')).not.toBe(budgets.get('b'));
  }, 15_000);

  it('refuse connections that fit alone, but not together', async () => {
    const streams = [{ stream: 'audit', scopeIds: [ACCOUNT], intervalMs: 800, initialIntervalMs: 0, fields: [], choices: { audit_api: 'v1' }, tags: [] }];
    const error = await open([byToken('a', 1, { streams }), byToken('b', 2, { streams })], createMemoryStore(), true).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SettingsError);
    expect(String(error)).toContain(
      'connection b, stream audit: with the interval 800ms the settings ask for at least 750 requests of this Cloudflare user in 5m',
    );
  });

  it('show no credential in their names', () => {
    const key = toBudgetKey(byToken('a', 1));
    expect(key).toMatch(/^credential [0-9a-f]{32}$/);
    expect(toBudgetKey(byToken('b', 1))).toBe(key);
    expect(toBudgetKey(byToken('a', 2))).not.toBe(key);
  });
});
