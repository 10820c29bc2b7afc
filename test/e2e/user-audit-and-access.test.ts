import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import type { AccessOptions, CredentialOptions } from '../../_dev/cloudflare/options.ts';
import { engineOrSkip } from '../engines.ts';
import { readGaps } from './cloudflare-faults.ts';
import { NO_DEVIATIONS } from './compare-with-ledger.ts';
import { toAccessRecords } from './expected-records.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { ACCOUNT, reachNextSecond, type SmallWorld, toMinute } from './small-world.ts';
import { withSmallWorld } from './with-small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

const HOUR = 3_600_000;
const START = toMinute(Date.now());
const BOTH = { user_audit: { initial_interval: '50h', interval: '5s' }, access: { account_id: ACCOUNT, initial_interval: '50h', interval: '5s' } };
const AUDIT = { audit: { account_id: ACCOUNT, initial_interval: '50h', interval: '5s' } };
const OWNED = { kind: 'account_token', token: `cfat_${'o'.repeat(40)}`, accountId: ACCOUNT } as const satisfies CredentialOptions;
const OLD_OWNED = { ...OWNED, token: 'o'.repeat(44) } as const;

type Totals = Readonly<Record<string, Readonly<Record<'read' | 'created' | 'duplicate' | 'dead' | 'dropped', number>>>>;

interface Collected {
  readonly totals: Totals;
  readonly stderr: string;
}

async function collect(world: SmallWorld, streams: object, { exitCode = 0, ...given }: { readonly exitCode?: number } & object = {}): Promise<Collected> {
  const ended = await world.collect(await world.configure([world.toConnection({ streams, ...given })]));
  expect(ended, ended.stderr).toMatchObject({ exitCode });
  return { totals: (JSON.parse(ended.stdout.trimEnd().split('\n').at(-1) ?? '') as { readonly streams: Totals }).streams, stderr: ended.stderr };
}

describeEngine('user audit logs and Access logs', () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await openScene(engine);
    await installScene(scene);
  });

  afterAll(() => scene.close());

  it.concurrent('weakness 2: are stored as the ledger holds them, once, and equal logins are one document whose copies are counted', async () => {
    await withSmallWorld(scene, { accounts: [{ access: { perHour: 120, from: START - 4 * HOUR, twice: 0.2 } }] }, async (world) => {
      const { totals } = await collect(world, BOTH);
      expect(await world.compareStream('user_audit')).toEqual(NO_DEVIATIONS);
      expect(await world.compareStream('access')).toEqual(NO_DEVIATIONS);
      const users = await world.readStream('user_audit');
      // What lies in the overlap of two windows is read twice.
      const duplicate = Number(totals.user_audit?.duplicate);
      expect(totals.user_audit).toMatchObject({ read: users.length + duplicate, created: users.length, dead: 0, dropped: 0 });
      const stored = await world.readStream('access');
      const given = toAccessRecords(world.cloudflare.ledger, ACCOUNT, { since: world.from.access, before: Date.now() });
      const copies = given.length - new Set(given.map(({ id }) => id)).size;
      expect(copies).toBeGreaterThan(20);
      expect(totals.access).toMatchObject({ created: stored.length, dead: 0, dropped: 0 });
      // A copy is a duplicate, and so is what lies in the overlap.
      expect(totals.access?.duplicate).toBeGreaterThanOrEqual(copies);
      expect(totals.access?.read).toBe(Number(totals.access?.created) + Number(totals.access?.duplicate));
      await reachNextSecond();
      const again = (await collect(world, BOTH)).totals;
      expect(Number(again.access?.created) + Number(again.user_audit?.created)).toBeLessThan(20);
      expect(await world.compareStream('access')).toEqual(NO_DEVIATIONS);
    });
  });

  it.concurrent('are asked for in sizes that Cloudflare takes, whichever of two parameters wins, and deep pages that time out cost nothing', async () => {
    const access: AccessOptions = { perHour: 0, bursts: [{ at: START - 5 * HOUR, count: 1300 }], twice: 0.01 };
    await withSmallWorld(scene, { accounts: [{ access }], switches: { accessPageSize: 'limit' } }, async (world) => {
      const fault = world.cloudflare.faults.add({ match: { path: 'access_requests', times: 2 }, answer: { deepPage504: 2 } });
      await collect(world, { access: BOTH.access });
      expect(fault.struck()).toBe(2);
      expect(await world.compareStream('access')).toEqual(NO_DEVIATIONS);
      expect(await readGaps(world)).toEqual([]);
      const asked = world.cloudflare.ledger.requests.filter(({ path }) => path.endsWith('/access_requests'));
      expect(new Set(asked.map(({ query }) => `${query.limit} ${query.per_page}`))).toEqual(new Set(['1000 1000']));
    });
  });

  it.concurrent('Zero Trust that is off pauses Access with a hint of its own, and the others go on', async () => {
    await withSmallWorld(scene, { accounts: [{ access: 'off' }] }, async (world) => {
      const { stderr } = await collect(world, { ...AUDIT, ...BOTH }, { exitCode: 1 });
      expect(stderr).toMatch(/access of c3c3.* paused: .*9999.*Turn on Zero Trust Access for account c3c3/);
      expect(stderr).not.toMatch(/Check api_token/);
      for (const stream of ['audit', 'user_audit'] as const) expect(await world.compareStream(stream)).toEqual(NO_DEVIATIONS);
      expect(await world.readStream('access')).toEqual([]);
    });
  });

  it.concurrent.each([
    ['tells by its prefix', OWNED, 0],
    ['tells when Cloudflare is asked', OLD_OWNED, 1],
  ] as const)('a token of an account that %s pauses user audit logs beforehand, and the others go on', async (_name, owned, asked) => {
    await withSmallWorld(scene, { credentials: [DEMO_CREDENTIALS[0], owned] }, async (world) => {
      const given = { api_token: owned.token };
      const { stderr } = await collect(world, { ...AUDIT, ...BOTH }, { exitCode: 1, ...given });
      expect(stderr).toMatch(/user_audit of user paused: .*(belongs to an account|not know the API token as one of a user).*API token of a user/);
      for (const stream of ['audit', 'access'] as const) expect(await world.compareStream(stream)).toEqual(NO_DEVIATIONS);
      const paths = world.cloudflare.ledger.requests.map(({ path }) => path);
      expect(paths).not.toContain('/user/audit_logs');
      expect(paths.filter((path) => path === '/user/tokens/verify').length).toBeLessThanOrEqual(asked + 1);
      const checked = await scene.run(['check', '--config', await world.configure([world.toConnection({ streams: { ...AUDIT, ...BOTH }, ...given })])]);
      expect(checked, checked.stdout).toMatchObject({ exitCode: 1 });
      expect(checked.stdout).toMatch(/FAIL +connection small: user_audit v1, user: .*\n +.*API token of a user/);
      expect(checked.stdout).toMatch(/ok +connection small: access access_requests, account c3c3/);
    });
  });

  it.concurrent.each([
    ['24h', 24],
    ['180d', 50],
  ])('with the retention %s the first window reaches back %d hours, and a plan that keeps less answers less', async (retention, hours) => {
    const access: AccessOptions = { perHour: 2, from: START - 49 * HOUR, retentionMs: 24 * HOUR };
    await withSmallWorld(scene, { accounts: [{ access }] }, async (world) => {
      await collect(world, { access: { ...BOTH.access, retention } });
      const [first] = world.cloudflare.ledger.requests.filter(({ path }) => path.endsWith('/access_requests'));
      expect(Math.abs(Number(first?.atMs) - Date.parse(String(first?.query.since)) - hours * HOUR)).toBeLessThan(10 * 60_000);
      expect(await readGaps(world)).toEqual([]);
      // Asked for is a little less than is kept.
      const lost = { stream: 'access', since: world.from.access, before: Date.now() - 24 * HOUR + 15 * 60_000 };
      expect(await world.compareStream('access', { lost: [lost] })).toEqual(NO_DEVIATIONS);
      expect((await world.readStream('access')).length).toBeGreaterThan(15);
    });
  });
});
