import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { readAskedUntil, toAuditRecords, toLogpullRecords } from '../e2e/expected-records.ts';
import { installScene, openScene, type Scene } from '../e2e/open-scene.ts';
import { ACCOUNT, reachNextSecond, ZONE } from '../e2e/small-world.ts';
import { engineOrSkip } from '../engines.ts';
import { programOrSkip } from '../skipping.ts';
import { type AgentWorld, openAgentWorld } from './agent-world.ts';
import type { Cursor, Filebeat } from './filebeat.ts';

const { engine, describeEngine } = await engineOrSkip({ ingest: true });
const { path: program, describeProgram } = programOrSkip('FILEBEAT', 'Filebeat, by which Elastic Agent collects,');

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 240_000 });

/** What ends Filebeat, by name. */
const ENDS: Readonly<Record<string, (agent: Filebeat) => Promise<void>>> = {
  killed: (agent) => agent.kill(),
  stopped: (agent) => agent.stop(),
};

/** Resolves with the next request for records that is answered. */
function nextServed({ cloudflare }: AgentWorld): Promise<void> {
  return new Promise((resolve) => {
    const stop = cloudflare.ledger.onServed(({ query }) => {
      if ((query.since ?? query.start) === undefined) return;
      stop();
      resolve();
    });
  });
}

/** Ids that are stored otherwise than the ledger says; what lies behind the cursor may be stored already. */
async function deviationsOf(world: AgentWorld, stream: 'audit' | 'logpull', until: number): Promise<object> {
  const { ledger } = world.cloudflare;
  const id = stream === 'audit' ? ACCOUNT : ZONE;
  const read = (before: number): readonly string[] => {
    const stretch = { since: world.from[stream], before };
    return (stream === 'audit' ? toAuditRecords(ledger, id, stretch) : toLogpullRecords(ledger, id, stretch)).map((record) => record.id);
  };
  const ids = (await world.readAgent(stream)).map((stored) => stored.id);
  const [found, known] = [new Set(ids), new Set(read(readAskedUntil(ledger, id)))];
  return {
    missing: read(until).filter((one) => !found.has(one)),
    unexpected: ids.filter((one) => !known.has(one)),
    doubled: ids.length - found.size,
  };
}

describeEngine('Elastic Agent, started again', () => {
  describeProgram('with the same folder', () => {
    let scene: Scene;

    beforeAll(async () => {
      scene = await openScene(engine, 'restart');
      await installScene(scene);
    });

    afterAll(() => scene.close());

    it.concurrent.each([
      ['audit', 'killed', 3],
      ['audit', 'stopped', 2],
      ['logpull', 'killed', 2],
      ['logpull', 'stopped', 2],
    ] as const)('loses nothing of %s and stores nothing twice when it is %s', async (stream, ended, times) => {
      const world = await openAgentWorld(scene, program, { accounts: [{ auditEventsPerHour: 60 }] });
      try {
        const agent = await world.openAgent(stream);
        for (let time = 0; time < times; time += 1) {
          const served = nextServed(world);
          await agent.start();
          await served;
          await ENDS[ended]?.(agent);
        }
        await reachNextSecond();
        await agent.start();
        const begun = Date.now();
        const cursor = await agent.untilCursor((now) => Object.values(now).every(({ until }) => Date.parse(until) >= begun - 310_000));
        await agent.stop();
        const [{ until }] = Object.values(cursor) as [Cursor[string]];
        expect(await deviationsOf(world, stream, Date.parse(until))).toEqual({ missing: [], unexpected: [], doubled: 0 });
        expect(world.cloudflare.ledger.bugs).toEqual([]);
      } finally {
        await world.close();
      }
    });

    it('deviates from the collector where the index rolls over: what the overlap reads again is once in each backing index, for nothing looks ids up', async () => {
      const world = await openAgentWorld(scene, program, { accounts: [{ auditEventsPerHour: 1200, eventsFrom: Date.now() - 3_600_000 }] });
      try {
        const agent = await world.openAgent('audit', { initial_interval: '2h' });
        const reach = (least: number) => agent.untilCursor((cursor) => Object.values(cursor).every(({ until }) => Date.parse(until) > least));
        await agent.start();
        await reach(Date.now() - 70_000);
        const path = `/${scene.dataStream('audit', `${world.namespace}agent`)}/_rollover`;
        await scene.client.request({ attempt: 'roll over', method: 'POST', path });
        const [{ until }] = Object.values((await agent.readCursor()) ?? {}) as [Cursor[string]];
        // Behind the window that may have been under way.
        await reach(Date.parse(until) + 3000);
        await agent.stop();
        const stored = await world.readAgent('audit');
        const [before, after] = [...new Set(stored.map(({ index }) => index))].toSorted();
        const first = new Set(stored.filter(({ index }) => index === before).map(({ id }) => id));
        const twice = stored.filter(({ id, index }) => index === after && first.has(id));
        expect(twice.length).toBeGreaterThan(20);
        const oldest = Math.min(...twice.map(({ document }) => Date.parse(String(document['@timestamp']))));
        expect(oldest).toBeGreaterThanOrEqual(Date.parse(until) - 300_000);
      } finally {
        await world.close();
      }
    });
  });
});
