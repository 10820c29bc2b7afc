import { afterEach, describe, expect, it, vi } from 'vitest';
import { LiveConnections } from '../../src/cli/live-connections.ts';
import { createBudget } from '../../src/cloudflare/budget.ts';
import { openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import { SettingsError } from '../../src/errors.ts';
import type { ConnectionSettings } from '../../src/settings/settings.ts';
import { ACCOUNT, auditSource, connectionTo, createTiming } from '../cloudflare/sources.ts';
import { sendJson, startServer, type TestServer } from '../cloudflare/start-server.ts';

const TOKENS = ['first', 'second'].map((name) => `a-secret-token-of-forty-characters-${name}`);
const NOBODY = 'http://127.0.0.1:9/client/v4';

let server: TestServer | undefined;
afterEach(() => server?.close());

interface Opened {
  readonly live: LiveConnections;
  /** Names of the connections whose way was opened, and closed. */
  readonly opened: string[];
  readonly closed: string[];
}

/** Connections with one budget for each name of one, and another where the share is another. */
function open(): Opened {
  const [opened, closed]: [string[], string[]] = [[], []];
  const budgets = new Map<string, ReturnType<typeof createBudget>>();
  const budgetOf = ({ rateBudget = '', rateBudgetShare = 0.5 }: ConnectionSettings): ReturnType<typeof createBudget> => {
    const key = `${rateBudget} ${rateBudgetShare}`;
    const budget = budgets.get(key) ?? createBudget({ timing: createTiming() });
    budgets.set(key, budget);
    return budget;
  };
  const live = new LiveConnections({
    budgetsOf: async (connections) => new Map(connections.map((connection) => [connection.name, budgetOf(connection)])),
    openCloud: async (connection, budget) => {
      const cloud = await openCloudflare(connection, { version: '0', budget });
      opened.push(connection.name);
      return {
        ...cloud,
        close: async () => {
          closed.push(connection.name);
          await cloud.close();
        },
      };
    },
  });
  return { live, opened, closed };
}

const byToken = (name: string, token: string, more: Partial<ConnectionSettings> = {}): ConnectionSettings =>
  connectionTo(NOBODY, { name, credential: { kind: 'token', token }, ...more });

describe('connections that change', () => {
  it('open only what is new or goes another way to Cloudflare', async () => {
    const { live, opened, closed } = open();
    const [a, b] = [byToken('a', String(TOKENS[0])), byToken('b', String(TOKENS[1]))];
    await live.follow([a, b]);
    const streams = [{ stream: 'audit', scopeIds: [ACCOUNT], intervalMs: 1, initialIntervalMs: 1, fields: [], choices: {}, tags: ['x'] }];
    await live.follow([{ ...a, streams, namespace: 'other' }, b]);
    expect(opened).toEqual(['a', 'b']);
    expect(live.find('a')).toMatchObject({ streams, namespace: 'other', revision: 0 });
    await live.follow([byToken('a', String(TOKENS[1])), { ...b, rateBudgetShare: 0.1 }, byToken('c', String(TOKENS[0]))]);
    expect({ opened, closed }).toEqual({ opened: ['a', 'b', 'a', 'b', 'c'], closed: ['a', 'b'] });
    expect(live.list().map(({ name, revision }) => `${name} ${revision}`)).toEqual(['a 1', 'b 1', 'c 0']);
    await live.follow([]);
    expect([live.list(), [...live.clouds().keys()]]).toEqual([[], []]);
    // A window that is read in pieces still has some to read.
    expect(closed).toEqual(['a', 'b']);
    live.use('a').release();
    await live.follow([byToken('a', String(TOKENS[0]))]);
    expect(closed).toEqual(['a', 'b', 'a']);
    await live.close();
    expect(closed.toSorted()).toEqual(['a', 'a', 'a', 'b', 'b', 'c']);
  });

  it('change nothing where one of them cannot be opened', async () => {
    const { live, closed } = open();
    const a = byToken('a', String(TOKENS[0]));
    await live.follow([a]);
    const broken = byToken('b', String(TOKENS[1]), { ssl: { certificateAuthorities: ['/does/not/exist.pem'], verification: 'full' } });
    await expect(live.follow([byToken('a', String(TOKENS[1])), broken])).rejects.toThrow(SettingsError);
    expect(live.list()).toEqual([{ ...a, revision: 0 }]);
    // The way that was opened for the change, not the one in use.
    expect(closed).toEqual(['a']);
    await live.close();
    expect(closed).toEqual(['a', 'a']);
  });

  it('let a window under way end as it began', async () => {
    let ask = (_answer: () => void): void => {};
    const asked = new Promise<() => void>((resolve) => {
      ask = resolve;
    });
    server = await startServer((_request, response) => ask(() => sendJson(response, { success: true, result: [{ id: 'x', when: '2026-11-20T00:00:00Z' }] })));
    const { live, closed } = open();
    await live.follow([connectionTo(server.url, { name: 'a' })]);
    const reading = readOne(live);
    const answer = await asked;
    await live.follow([byToken('a', String(TOKENS[1]))]);
    expect(closed).toEqual([]);
    answer();
    expect(await reading).toBe(1);
    await vi.waitFor(() => expect(closed).toEqual(['a']));
    await live.close();
    expect(closed).toEqual(['a', 'a']);
  });
});

/** How many records one window has. */
async function readOne(live: LiveConnections): Promise<number> {
  const { cloud, release } = live.use('a');
  const window = { since: Date.parse('2026-11-20T00:00:00Z'), before: Date.parse('2026-11-20T01:00:00Z') };
  let count = 0;
  try {
    const request = { stream: 'audit', scopeId: ACCOUNT, window, fields: [] };
    for await (const batch of cloud.readWindow(auditSource(), request, new AbortController().signal)) count += batch.length;
    return count;
  } finally {
    release();
  }
}
