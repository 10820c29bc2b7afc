import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { engineOrSkip } from '../engines.ts';
import { AGENTS, type FleetWorld, openFleetWorld } from './fleet-world.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { ACCOUNT, ALL_STORED } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

let scene: Scene;
let fleet: FleetWorld;

describeEngine('collect --fleet', () => {
  beforeAll(async () => {
    scene = await openScene(engine, 'fleet');
    await installScene(scene);
  });

  afterAll(() => scene.close());

  afterEach(async () => {
    expect(fleet.kibana.bugs).toEqual([]);
    await fleet.close();
  });

  it('collects what a person typed in Kibana, with the secret of the environment; verify and backfill know it too', async () => {
    fleet = await openFleetWorld(scene);
    await fleet.save(fleet.typed());
    const ended = await fleet.run(['collect', '--once', '--json']);
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
    expect(await fleet.world.compare()).toEqual(ALL_STORED);
    const past = ['--connection', 'small', '--stream', 'audit', '--from', '3h', '--to', 'now'];
    const verified = await fleet.run(['verify', ...past]);
    expect(verified, verified.stderr).toMatchObject({ exitCode: 0 });
    const backfilled = await fleet.run(['backfill', '--json', ...past]);
    expect(backfilled, backfilled.stderr).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(backfilled.stdout)).toMatchObject({ streams: { audit: { created: 0 } } });
    const checked = await fleet.run(['check']);
    expect(checked, checked.stderr).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`ok    integration policies of ${fleet.kibana.url}: 1 can be collected`),
    });
    const status = await fleet.run(['status', '--connection', 'small']);
    expect(status, status.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`small       audit v1          ${ACCOUNT.slice(0, 8)}`) });
  });

  it('collects all accounts, into the namespace of the agent policy, with a token that Kibana does not hide', async () => {
    const other = 'e5'.repeat(16);
    const inherited = `inherited${Date.now()}`;
    fleet = await openFleetWorld(scene, {
      cloudflare: { accounts: [{ name: 'First' }, { id: other, name: 'Second' }] },
      kibana: { secretStorage: false, agentPolicies: [{ id: 'own', name: 'Own', namespace: inherited }] },
    });
    await fleet.save(fleet.typed({ namespace: '', agentPolicies: ['own'], streams: { audit: { account_id: ['all'], initial_interval: '50h' } } }));
    const ended = await fleet.run(['collect', '--once'], { env: { CLOUDFLARE_API_TOKEN_SMALL: '' } });
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('audit of all accounts: 2 accounts (First, Second)') });
    const path = `/${scene.dataStream('audit', inherited)}`;
    await scene.client.request({ attempt: 'refreshing', method: 'POST', path: `${path}/_refresh` });
    const { body } = await scene.client.request<{ readonly count: number }>({ attempt: 'counting', method: 'GET', path: `${path}/_count` });
    expect(body.count).toBeGreaterThan(200);
  });

  it('goes on without the policies that it cannot collect, and says so at the end', async () => {
    fleet = await openFleetWorld(scene);
    await fleet.save(fleet.typed());
    await fleet.save(fleet.typed({ name: 'by agents', agentPolicies: [AGENTS.id], namespace: 'other' }));
    await fleet.save(fleet.typed({ name: 'without secret', namespace: 'another' }));
    await fleet.save(fleet.typed({ name: 'twice' }));
    const ended = await fleet.run(['collect', '--once'], { env: { CLOUDFLARE_API_TOKEN_TWICE: 'typed-twice' } });
    expect(ended, ended.stderr).toMatchObject({ exitCode: 1 });
    expect(ended.stderr).toContain('2 Elastic Agents collect with it, so everything would be collected twice');
    expect(ended.stderr).toContain('the environment variable CLOUDFLARE_API_TOKEN_WITHOUT_SECRET is not set');
    expect(ended.stderr).toMatch(new RegExp(`twice.*: audit of ${ACCOUNT} is collected by the policy .*small.* already`));
    expect(await fleet.world.compare()).toEqual(ALL_STORED);
    const checked = await fleet.run(['check']);
    expect(checked, checked.stderr).toMatchObject({ exitCode: 1 });
    expect(checked.stdout).toContain('FAIL  policy "by agents": 2 Elastic Agents collect with it, so everything would be collected twice\n        Move it to');
  });

  it('collects connections of the settings file beside those of Kibana, but nothing twice', async () => {
    fleet = await openFleetWorld(scene);
    await fleet.configure([fleet.world.toConnection({ name: 'file', streams: { audit: { account_id: ACCOUNT, initial_interval: '50h' } } })]);
    const { audit: _, ...streams } = fleet.typed().streams;
    await fleet.save(fleet.typed({ streams }));
    const ended = await fleet.run(['collect', '--once']);
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
    expect(await fleet.world.compare()).toEqual(ALL_STORED);
    await fleet.save(fleet.typed({ name: 'double', streams: { audit: { account_id: [ACCOUNT] } } }));
    const again = await fleet.run(['collect', '--once'], { env: { CLOUDFLARE_API_TOKEN_DOUBLE: 'typed-double' } });
    expect(again, again.stderr).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`audit of ${ACCOUNT} is collected by the connection file already`),
    });
  });
});
