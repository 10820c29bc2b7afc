import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CredentialOptions } from '../../_dev/cloudflare/options.ts';
import type { BudgetState } from '../../src/cloudflare/budget-state.ts';
import { openStateIndex } from '../../src/elasticsearch/state-index.ts';
import { engineOrSkip } from '../engines.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { ACCOUNT, ALL_STORED, openSmallWorld, type SmallWorld, ZONE } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

const tokens = [1, 2].map((number) => `cfut_${'simulated'.repeat(5)}${number}`) as [string, string];
const credentials: readonly CredentialOptions[] = tokens.map((token) => ({ kind: 'user_token', token, email: 'one@example.com' }));

interface BudgetDocument {
  readonly key: string;
  readonly state: BudgetState & { readonly userId?: string };
}

describeEngine('two collectors with one state', () => {
  let scene: Scene;
  let world: SmallWorld;

  beforeAll(async () => {
    scene = await openScene(engine);
    await installScene(scene);
    const mappings = { dynamic: false, properties: { kind: { type: 'keyword' }, key: { type: 'keyword' } } };
    await scene.client.request({ attempt: 'making the state index', method: 'PUT', path: `/${scene.name}-state`, body: { mappings } });
    world = await openSmallWorld(scene, { credentials });
  });

  afterAll(async () => {
    await world.close();
    await scene.client.request({ attempt: 'clean up', method: 'DELETE', path: `/${scene.name}-state`, allow: 'any' });
    await scene.close();
  });

  it('count their requests in one budget, that of their user, and show no credential there', async () => {
    const { streams } = world.toConnection() as { readonly streams: Readonly<Record<string, object>> };
    const [first, second] = await Promise.all(
      (['audit', 'logpull'] as const).map((stream, index) => {
        const state = { path: `./state-${stream}`, store: 'elasticsearch' };
        const connection = world.toConnection({ name: stream, api_token: tokens[index], streams: { [stream]: streams[stream] } });
        return scene.writeSettings(`${stream}.yml`, { state, connections: [connection as Readonly<Record<string, unknown>>] });
      }),
    );
    const ended = await Promise.all([first, second].map((file) => world.collect(String(file))));
    for (const { exitCode, stderr } of ended) expect(exitCode, stderr).toBe(0);
    expect(await world.compare()).toEqual(ALL_STORED);

    const found = await openStateIndex(scene.client, `${scene.name}-state`).list<BudgetDocument>('budget');
    const userId = found.find(({ content }) => content.state.userId !== undefined)?.content.state.userId;
    const sent = (key: string): number =>
      (found.find(({ content }) => content.key === key)?.content.state.grants ?? []).reduce((sum, { count }) => sum + count, 0);
    const asked = world.cloudflare.ledger.requests.map(({ path }) => path);
    // Whose the credentials are is asked before there is a budget.
    expect(sent(`user ${userId}/user`)).toBe(asked.filter((path) => path !== '/user').length);
    expect(sent(`user ${userId}/zone ${ZONE}`)).toBe(asked.filter((path) => path === `/zones/${ZONE}/logs/received`).length);
    expect(asked.some((path) => path.includes(ACCOUNT))).toBe(true);
    for (const token of tokens) expect(JSON.stringify(found)).not.toContain(token);
  }, 180_000);
});
