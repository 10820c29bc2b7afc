import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { engineOrSkip } from '../engines.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { ACCOUNT, reachNextSecond, type SmallWorld, toMinute } from './small-world.ts';
import { withSmallWorld } from './with-small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

const MINUTE = 60_000;

/** Five events of one account; three of them are routine reads. Logpull is not collected. */
function toReads() {
  const from = toMinute(Date.now()) - 3 * 60 * MINUTE;
  const event = (id: string, type: string, resource: string, result = true) => ({
    id,
    when: new Date(from + Number(id) * MINUTE).toISOString(),
    action: { type, result },
    actor: { id: '1', ip: '198.51.100.7', type: 'user' },
    resource: { id: 'r', type: resource },
  });
  return [
    event('1', 'setting_view', 'zone'),
    event('2', 'setting_view', 'zone', false),
    event('3', 'setting_view', 'zone'),
    event('4', 'rec_list', 'DNS_record'),
    event('5', 'API_key_view', 'api_key'),
  ];
}

let scene: Scene;

async function withReads(act: (world: SmallWorld, configure: (audit?: object, pipeline?: string) => Promise<string>) => Promise<void>): Promise<void> {
  const accounts = [{ auditEventsPerHour: 0, extraEvents: toReads() }];
  await withSmallWorld(scene, { accounts, zones: [{ linesPerHour: 0 }] }, (world) =>
    act(world, (audit = {}, pipeline = scene.pipeline) =>
      scene.writeSettings(`${world.namespace}.yml`, {
        elasticsearch: { url: engine.url, ...engine.credentials, pipeline },
        state: { path: world.statePath },
        connections: [world.toConnection({ streams: { audit: { account_id: [ACCOUNT], initial_interval: '6h', interval: '1s', ...audit } } })] as never,
      }),
    ),
  );
}

const countsOf = (stdout: string): unknown => JSON.parse(stdout.trim().split('\n').at(-1) ?? '').streams.audit;
const idsOf = async (world: SmallWorld) => (await world.readStream('audit')).map(({ document }) => (document.event as { id: string }).id).toSorted();

async function readDrops(world: SmallWorld): Promise<readonly unknown[]> {
  const told = (await world.readStream('collector')).map(({ document }) => document as { event: { action: string }; cloudflare: { collector: never } });
  return told
    .filter(({ event }) => event.action === 'drop')
    .map(({ cloudflare: { collector } }) => {
      const { rule, counts } = collector as { readonly rule: string; readonly counts: { readonly dropped: number } };
      return [rule, counts.dropped];
    });
}

describeEngine('routine reads', () => {
  beforeAll(async () => {
    scene = await openScene(engine, 'drops');
    await installScene(scene);
  });

  afterAll(() => scene.close());

  it.each(engine.capabilities.ingest ? ['server', 'edge'] : ['edge'])(
    'are left out before anything is sent (pipeline %s), and counted by rule in totals, log, status and data stream',
    async (pipeline) => {
      await withReads(async (world, configure) => {
        const file = await configure({}, pipeline);
        const first = await world.collect(file);
        expect(first, first.stderr).toMatchObject({ exitCode: 0 });
        expect(countsOf(first.stdout)).toEqual({ read: 5, created: 2, duplicate: 0, dead: 0, dropped: 3 });
        expect(first.stderr).toContain('settings_read 2');
        expect(await idsOf(world)).toEqual(['2', '5']);
        await reachNextSecond();
        // What was left out is remembered like what was stored: the overlap does not count it again.
        await world.collect(file);
        expect((await readDrops(world)).toSorted()).toEqual([
          ['dns_records_read', 1],
          ['settings_read', 2],
        ]);
        const status = await scene.run(['status', '--config', file]);
        expect(status.stdout).toContain(`left out by rules:\n  small: audit v1 of ${ACCOUNT}: settings_read 2, dns_records_read 1`);
        const verified = await scene.run(['verify', '--connection', 'small', '--stream', 'audit', '--from', '5h', '--to', 'now', '--json', '--config', file]);
        expect(JSON.parse(verified.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ complete: true, given: 5, stored: 2, dropped: 3 });
      });
    },
  );

  it('are stored where the settings say so', async () => {
    await withReads(async (world, configure) => {
      const ended = await world.collect(await configure({ drop_routine_reads: false }));
      expect(countsOf(ended.stdout)).toEqual({ read: 5, created: 5, duplicate: 0, dead: 0, dropped: 0 });
      expect(await idsOf(world)).toEqual(['1', '2', '3', '4', '5']);
      expect(await readDrops(world)).toEqual([]);
    });
  });
});

const { describeEngine: describeIngest } = await engineOrSkip({ ingest: true });

describeIngest('with ingest pipelines', () => {
  beforeAll(async () => {
    scene = await openScene(engine, 'drops');
    await installScene(scene);
  });

  afterAll(() => scene.close());

  it("what a user's own pipeline drops is settled, and counted apart", async () => {
    const path = `/_ingest/pipeline/logs-${scene.name}.audit@custom`;
    const body = { processors: [{ drop: { if: "ctx.event?.action == 'api_key_view'" } }] };
    await scene.client.request({ attempt: 'customising', method: 'PUT', path, body });
    await withReads(async (world, configure) => {
      const file = await configure();
      const ended = await world.collect(file);
      expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
      expect(countsOf(ended.stdout)).toEqual({ read: 5, created: 1, duplicate: 0, dead: 0, dropped: 4 });
      expect((await readDrops(world)).toSorted()).toEqual([
        ['dns_records_read', 1],
        ['ingest pipeline', 1],
        ['settings_read', 2],
      ]);
      expect(await idsOf(world)).toEqual(['2']);
    });
    await scene.client.request({ attempt: 'clean up', method: 'DELETE', path });
  });

  it('the pipeline leaves the same events out, for whoever sends them', async () => {
    const index = scene.dataStream('audit', 'agent');
    const lines = toReads().flatMap((event) => [{ create: {} }, { message: JSON.stringify(event), _conf: { source: 'v1', account_id: ACCOUNT }, tags: [] }]);
    const kept = { create: {} };
    const off = { message: JSON.stringify(toReads()[0]), _conf: { source: 'v1', account_id: ACCOUNT, drop_routine_reads: false }, tags: [] };
    const text = [...lines, kept, off].map((line) => `${JSON.stringify(line)}\n`).join('');
    const response = await fetch(`${engine.url}/${index}/_bulk`, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body: text });
    const { items } = (await response.json()) as { readonly items: readonly { readonly create: { readonly result: string } }[] };
    expect(items.map(({ create }) => create.result)).toEqual(['noop', 'created', 'noop', 'noop', 'created', 'created']);
  });
});
