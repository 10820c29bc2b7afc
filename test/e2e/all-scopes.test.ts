import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { engineOrSkip } from '../engines.ts';
import { scanForSecrets } from '../scan-for-secrets.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { ACCOUNT, ALL_STORED, openSmallWorld, reachNextSecond, type SmallWorld, ZONE } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

const OTHER = 'e5'.repeat(16);

let scene: Scene;
let world: SmallWorld;

/** Which accounts or zones the events of a stream are of. */
async function readScopes(stream: string, scope: 'account' | 'zone'): Promise<readonly string[]> {
  const stored = await world.readStream(stream);
  const ids = stored.map(({ document }) =>
    scope === 'account'
      ? (document.cloud as { readonly account: { readonly id: string } }).account.id
      : String((document.cloudflare as { readonly zone?: { readonly id?: string } }).zone?.id),
  );
  return [...new Set(ids)].sort();
}

describeEngine('collect all accounts and zones', () => {
  beforeAll(async () => {
    scene = await openScene(engine, 'all');
    await installScene(scene);
    world = await openSmallWorld(scene, {
      accounts: [{ name: 'First' }, { id: OTHER, name: 'Second' }],
      zones: [{ name: 'example.com' }, { id: OTHER, name: 'test.example.com' }],
    });
  });

  afterAll(async () => {
    await world.close();
    await scene.close();
  });

  const streams = (account: object, zone: object) => ({
    audit: { account_id: 'all', initial_interval: '50h', ...account },
    logpull: { zone_id: 'all', initial_interval: '150m', ...zone },
  });

  it('takes those that the names choose, and later the others from their beginning', async () => {
    const chosen = await world.configure([world.toConnection({ streams: streams({ account_name: 'first' }, { zone_name: '!test.*' }) })]);
    const first = await world.collect(chosen);
    expect(first, first.stderr).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('audit of all accounts: 1 account (First), 1 left out by account_name (Second)'),
    });
    expect(await readScopes('audit', 'account')).toEqual([ACCOUNT]);
    expect(await world.compare()).toEqual(ALL_STORED);
    const asked = world.cloudflare.ledger.requests.filter(({ path }) => path.includes(OTHER));
    expect(asked).toEqual([]);
    const all = await world.configure([world.toConnection({ streams: streams({}, {}) })]);
    expect(await world.collect(all)).toMatchObject({ exitCode: 0 });
    expect(await readScopes('audit', 'account')).toEqual([ACCOUNT, OTHER]);
    expect(scanForSecrets({ folder: world.statePath })).toEqual([]);
  });

  it('collects what it can where one list is refused', async () => {
    await reachNextSecond();
    world.cloudflare.faults.add({ match: { path: /\/zones$/ }, answer: '02' });
    const ended = await world.collect(await world.configure([world.toConnection({ streams: streams({}, {}) })]));
    world.cloudflare.faults.clear();
    expect(ended, ended.stderr).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/logpull of all zones: listing zones: Cloudflare answered/) });
    expect(ended.stderr).toMatch(new RegExp(`audit of ${ACCOUNT}: \\d+ read`));
    expect(ended.stderr).not.toContain(`logpull of ${ZONE}`);
  });
});
