import { describe, expect, it } from 'vitest';
import { followChanges } from '../../src/cli/follow-changes.ts';
import type { FollowOptions } from '../../src/cli/open-budgets.ts';
import type { Opened } from '../../src/cli/open-settings.ts';
import { ScopeLists } from '../../src/cli/scope-lists.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { SettingsError, StateError } from '../../src/errors.ts';
import type { ConnectionSettings, Settings } from '../../src/settings/settings.ts';
import { ACCOUNT, connectionTo } from '../cloudflare/sources.ts';

const definition = await readDefinition('.');
const NOBODY = 'http://127.0.0.1:9/client/v4';

function typed(name: string, intervalMs = 300_000): ConnectionSettings {
  const stream = { stream: 'audit', scopeIds: [ACCOUNT], intervalMs, initialIntervalMs: 0, fields: [], choices: { audit_api: 'v1' }, tags: [] };
  return connectionTo(NOBODY, { name, policy: name, streams: [stream] });
}

/** What Kibana says, plan by plan; `refuse` names connections that may not be as they are. */
function follow(first: readonly ConnectionSettings[], refuse: (connection: ConnectionSettings) => Error | undefined = () => undefined) {
  let asked = first;
  let now = first;
  const [logged, given]: [string[], (FollowOptions | undefined)[]] = [[], []];
  const log: Opened['log'] = (level, message) => void logged.push(`${level} ${message}`);
  const settings = { connections: first } as Settings;
  const fleet = { address: NOBODY, refused: [], intervalMs: 60_000, readAgain: async () => asked, tell: () => {} };
  const opened: Opened = { definition, settings, file: 'settings.yml', log, userAgent: 'test', fleet };
  const lists = new ScopeLists({ version: '0', context: { env: {}, signal: new AbortController().signal }, log, now: () => 0 });
  const replanning = followChanges({
    given: opened,
    scopes: { opened, lists },
    live: { list: () => now.map((connection) => ({ ...connection, revision: 0 })) },
    follow: async (connections, options) => {
      const error = connections.map(refuse).find((one) => one !== undefined);
      if (error !== undefined && options?.bearUnfit !== true) throw error;
      given.push(options);
      now = connections;
    },
  });
  const plan = async (connections: readonly ConnectionSettings[]): Promise<readonly string[]> => {
    asked = connections;
    const planned = await replanning?.plan(new AbortController().signal);
    return (planned ?? []).map(({ partition }) => `${partition.connection} ${partition.intervalMs / 1000}s`);
  };
  return { plan, logged, given, replanning };
}

describe('connections that Kibana changes', () => {
  it('are planned anew each time, and what happened is said', async () => {
    const { plan, logged, replanning } = follow([typed('a'), typed('b')]);
    expect(replanning?.afterMs()).toBe(60_000);
    expect(await plan([typed('a'), typed('b')])).toEqual(['a 300s', 'b 300s']);
    expect(logged).toEqual([]);
    expect(await plan([typed('a', 60_000), typed('c')])).toEqual(['a 60s', 'c 300s']);
    expect(logged).toEqual([
      'info b is not collected any more: its policy is gone, switched off or refused; its checkpoints are kept',
      'info a was changed in Kibana; the changes count from now on',
      'info c is new in Kibana and is collected from now on',
    ]);
  });

  it('stay as they were where they may not be otherwise, which keeps none of the others', async () => {
    const wrong = new SettingsError([{ file: 'policy "a"', path: 'variable interval of audit', message: 'too often', hint: 'Less.' }]);
    const { plan, logged } = follow([typed('a'), typed('b')], ({ name, streams }) => (name === 'a' && streams[0]?.intervalMs === 1_000 ? wrong : undefined));
    expect(await plan([typed('a', 1_000), typed('b', 60_000)])).toEqual(['a 300s', 'b 60s']);
    expect(await plan([typed('a', 1_000), typed('b', 60_000)])).toEqual(['a 300s', 'b 60s']);
    expect(logged.filter((line) => line.startsWith('error'))).toEqual([expect.stringMatching(/^error a stays as it was: .*too often/s)]);
    await plan([typed('a'), typed('b')]);
    await plan([typed('a', 1_000), typed('b')]);
    expect(logged.filter((line) => line.startsWith('error'))).toHaveLength(2);
  });

  it('end in any case, whatever is wrong with those that stay', async () => {
    const error = new StateError('moved', { hint: 'Move it back.' });
    let wrong = false;
    const { plan, given } = follow([typed('a'), typed('b')], () => (wrong ? error : undefined));
    wrong = true;
    expect(await plan([typed('a')])).toEqual(['a 300s']);
    expect(given).toEqual([{ bearUnfit: true }]);
  });

  it('end collecting where an error is a bug', async () => {
    const { plan } = follow([typed('a')], ({ name }) => (name === 'c' ? new TypeError('a bug') : undefined));
    await expect(plan([typed('a'), typed('c')])).rejects.toThrow('a bug');
  });
});
