import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { startKibana } from '../../_dev/kibana/start-kibana.ts';
import { engineOrSkip } from '../engines.ts';
import { AGENTS, COLLECTORS, type FleetWorld, openFleetWorld } from './fleet-world.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { ACCOUNT, ALL_STORED, TOKEN, toMinute, ZONE } from './small-world.ts';
import { removeFromKibana } from './type-in-kibana.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

const MINUTE = 60_000;
const OTHER = 'e5'.repeat(16);
/** Busy enough that every second brings something new. */
const BUSY = { auditEventsPerHour: 7200, eventsFrom: toMinute(Date.now()) - 10 * MINUTE };

let scene: Scene;
let fleet: FleetWorld;

const audit = (values: object) => ({ streams: { audit: { account_id: [ACCOUNT], initial_interval: '15m', ...values } } });
const readOf = (connection: string, account: string): RegExp => new RegExp(`${connection}: audit of ${account}: \\d+ read`, 'g');
const countOf = (log: string, connection: string, account: string): number => log.match(readOf(connection, account))?.length ?? 0;

describeEngine('collect --fleet, while policies change', () => {
  beforeAll(async () => {
    scene = await openScene(engine, 'changes');
    await installScene(scene);
  });

  afterAll(() => scene.close());

  afterEach(async () => {
    expect(fleet.kibana.bugs).toEqual([]);
    await fleet.close();
  });

  it('follows an added account, another interval, a removed and a new policy, without a restart', async () => {
    fleet = await openFleetWorld(scene, { cloudflare: { accounts: [BUSY, { ...BUSY, id: OTHER }] } });
    const id = await fleet.save(fleet.typed(audit({ interval: '1h' })));
    const running = await fleet.start(['collect', '--json'], { env: { CLOUDFLARE_API_TOKEN_NEXT: TOKEN } });
    await running.untilLogged(readOf('small', ACCOUNT));
    const before = countOf(running.stderr(), 'small', ACCOUNT);

    await fleet.save(fleet.typed(audit({ interval: '1h', account_id: [ACCOUNT, OTHER] })), id);
    await running.untilLogged(readOf('small', OTHER));
    expect(running.stderr()).toContain('small was changed in Kibana; the changes count from now on');
    // An hour has not passed: what did not change was left alone.
    expect(countOf(running.stderr(), 'small', ACCOUNT)).toBe(before);

    await fleet.save(fleet.typed(audit({ interval: '1s' })), id);
    await running.untilLogged(new RegExp(`(${readOf('small', ACCOUNT).source}[\\s\\S]*){${before + 3}}`));

    await removeFromKibana(fleet.kibana, id);
    await running.untilLogged(/small is not collected any more: its policy is gone/);
    await fleet.save(fleet.typed({ name: 'next', ...audit({ interval: '1s' }) }));
    await running.untilLogged(readOf('next', ACCOUNT));
    expect(running.stderr()).toContain('next is new in Kibana and is collected from now on');
    running.stop();
    expect(await running.ended).toMatchObject({ exitCode: 130 });
  });

  it('tries a paused connection at once with the token that was typed anew, and stops where agents take it over', async () => {
    fleet = await openFleetWorld(scene, { cloudflare: { accounts: [BUSY] }, kibana: { secretStorage: false } });
    const values = { api_url: fleet.world.cloudflare.url, api_token: `${TOKEN.slice(0, -4)}0000` };
    const id = await fleet.save(fleet.typed({ ...audit({ interval: '1h' }), values }));
    const running = await fleet.start(['collect']);
    await running.untilLogged(/small: audit of .* paused: /);
    await fleet.save(fleet.typed(audit({ interval: '1s' })), id);
    await running.untilLogged(readOf('small', ACCOUNT));

    await fleet.save(fleet.typed({ ...audit({ interval: '2s', tags: ['forwarded', 'typed'] }) }), id);
    await running.untilLogged(/was changed in Kibana[\s\S]*was changed in Kibana/);
    await fleet.save(fleet.typed({ ...audit({ interval: '2s' }), namespace: 'elsewhere' }), id);
    await running.untilLogged(/small stays as it was: the state of the connection small is about the namespace/);
    await fleet.save(fleet.typed({ ...audit({ interval: '2s' }), agentPolicies: [AGENTS.id] }), id);
    await running.untilLogged(/2 Elastic Agents collect with it[\s\S]*small is not collected any more/);
    running.stop();
    expect(await running.ended).toMatchObject({ exitCode: 130 });
  });

  it('goes on as it was where a policy is mistyped, and where Kibana is away', async () => {
    fleet = await openFleetWorld(scene, { cloudflare: { accounts: [BUSY] } });
    const logpull = { zone_id: [ZONE], initial_interval: '150m', interval: '4s' };
    const both = (values: object) => ({ streams: { ...audit(values).streams, logpull } });
    const id = await fleet.save(fleet.typed(both({ interval: '1s' })));
    const running = await fleet.start(['collect']);
    await running.untilLogged(readOf('small', ACCOUNT));
    const stored = fleet.kibana.policies().find((policy) => policy.id === id);
    if (stored === undefined) throw new Error('the policy is gone');

    await fleet.save(fleet.typed(both({ interval: 'often' })), id);
    await running.untilLogged(/policy .*small.* variable interval of audit: this is no duration: write 30s, 5m, 24h or 7d/);
    const { port } = new URL(fleet.kibana.url);
    await fleet.kibana.close();
    await running.untilLogged(/the integration policies stay as they were: listing the integration policies: no answer from/);
    const mistyped = countOf(running.stderr(), 'small', ACCOUNT);
    await running.untilLogged(new RegExp(`(${readOf('small', ACCOUNT).source}[\\s\\S]*){${mistyped + 2}}`));
    const again = await startKibana({ port: Number(port), agentPolicies: [COLLECTORS], policies: [stored] });
    try {
      await running.untilLogged(/Kibana answers again/);
      running.stop();
      const ended = await running.ended;
      expect(ended).toMatchObject({ exitCode: 130 });
      expect(ended.stderr.match(/the integration policies stay as they were/g)).toHaveLength(1);
      expect(ended.stderr.match(/this is no duration/g)).toHaveLength(1);
    } finally {
      await again.close();
    }
    const caughtUp = await fleet.world.collect(await fleet.configure([fleet.world.toConnection({ streams: both({}).streams })]));
    expect(caughtUp, caughtUp.stderr).toMatchObject({ exitCode: 0 });
    expect(await fleet.world.compare()).toEqual(ALL_STORED);
  });
});
