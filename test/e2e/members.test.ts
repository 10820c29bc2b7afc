import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import { childOf, type JsonObject } from '../../src/pipeline/value.ts';
import { engineOrSkip } from '../engines.ts';
import { openScene, type Scene } from './open-scene.ts';
import { ACCOUNT, openSmallWorld, type SmallWorld } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip({ ingest: true });

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const [ANN, BOB, GONE, MEMBERSHIP] = ['a', 'b', '9', '7'].map((digit) => digit.repeat(32)) as [string, string, string, string];
const HOUR_AGO = new Date(Date.now() - 3_600_000).toISOString();
const purge = {
  when: HOUR_AGO,
  action: { result: true, type: 'purge' },
  resource: { id: 'c'.repeat(32), type: 'zone' },
  metadata: { zone_name: 'example.com' },
};
const deleted = { when: HOUR_AGO, action: { result: true, type: 'delete' } };

const options: CloudflareOptions = {
  accounts: [
    {
      members: [
        { userId: ANN, email: 'Ann@example.com', firstName: 'Ann', lastName: 'Example' },
        { id: MEMBERSHIP, userId: BOB, email: 'bob@example.com', firstName: 'Bob', lastName: null },
      ],
      extraEvents: [
        { ...purge, id: 'alone', actor: { id: ANN, type: 'user' } },
        { ...purge, id: 'gone', actor: { id: GONE, type: 'user' } },
        { ...purge, id: 'named', actor: { id: ANN, type: 'user', email: 'old@example.com' } },
        { ...deleted, id: 'removed', actor: { id: ANN, type: 'user' }, resource: { id: MEMBERSHIP, type: 'member' } },
      ],
    },
    // Of another account, whose list nobody asks for.
    { id: 'e'.repeat(32), members: [{ userId: GONE, email: 'somebody@example.net' }] },
  ],
};

describeEngine('members whom events name by id alone', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(engine, 'members');
  });
  afterAll(() => scene?.close());

  interface Collected {
    readonly stderr: string;
    readonly world: SmallWorld;
    readonly documents: ReadonlyMap<string, JsonObject>;
    /** By the id of the record in version 1 of the API. */
    readonly byEvent: ReadonlyMap<unknown, JsonObject>;
    /** Statuses of the requests for members, and whose list it was. */
    readonly asked: readonly string[];
  }

  /** Installs and collects both versions of the log once. */
  async function collect(pipeline: 'server' | 'edge', audit: object, switches: CloudflareOptions['switches'] = {}): Promise<Collected> {
    const world = await openSmallWorld(scene, { ...options, switches });
    try {
      const streams = { audit: { account_id: [ACCOUNT], initial_interval: '2h', audit_api: 'both', ...audit } };
      const elasticsearch = { url: engine.url, ...engine.credentials, pipeline };
      const connections = [world.toConnection({ streams }) as Record<string, unknown>];
      const file = await scene.writeSettings(`${world.namespace}.yml`, { elasticsearch, state: { path: `./state-${world.namespace}` }, connections });
      const installed = await scene.run(['install', '--config', file]);
      expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
      const { exitCode, stderr } = await world.collect(file);
      expect(exitCode, stderr).toBe(0);
      expect(stderr).not.toContain('paused');
      const documents = new Map((await world.readStream('audit')).map(({ id, document }) => [id, document]));
      const asked = world.cloudflare.ledger.requests.filter(({ path }) => path.endsWith('/members'));
      const byEvent = new Map([...documents.values()].map((document) => [(document.event as JsonObject).id, document]));
      expect(world.cloudflare.ledger.bugs).toEqual([]);
      return { stderr, world, documents, byEvent, asked: asked.map(({ path, status }) => `${status} ${path.split('/').at(-2)}`) };
    } finally {
      await world.close();
    }
  }

  const auditOf = (document: JsonObject | undefined) => childOf(childOf(document, 'cloudflare'), 'audit') as JsonObject;

  describe.each(['server', 'edge'] as const)('with pipeline: %s', (pipeline) => {
    let on: Collected;
    let off: Collected;
    beforeAll(async () => {
      on = await collect(pipeline, { resolve_members: true });
      off = await collect(pipeline, {});
    });

    it('get name and e-mail address of the list, which is asked for once', () => {
      expect(on.asked).toEqual([`200 ${ACCOUNT}`]);
      const alone = on.byEvent.get('alone');
      expect(auditOf(alone)).toMatchObject({ actor: { name: 'Ann Example', email: 'ann@example.com' } });
      expect(alone).toMatchObject({ user: { id: ANN, full_name: 'Ann Example', email: 'ann@example.com' }, related: { user: ['ann@example.com'] } });
      expect(alone?.message).toMatch(/^ann@example\.com performed purge /);
      const removed = on.byEvent.get('removed');
      expect(removed).toMatchObject({ user: { email: 'ann@example.com', target: { full_name: 'Bob', email: 'bob@example.com' } } });
      expect(removed).toMatchObject({ related: { user: ['ann@example.com', 'bob@example.com'] } });
    });

    it('get them in version 2 of the log as well', () => {
      const named = [...on.documents.values()].filter(
        (document) => auditOf(document).api === 'v2' && (auditOf(document).actor as JsonObject)?.name === 'Ann Example',
      );
      expect(named.length).toBeGreaterThan(0);
      for (const document of named) expect(document).toMatchObject({ user: { id: ANN, email: 'ann@example.com' } });
    });

    it('stay as they are where the list does not have them, and where the event names them itself', () => {
      const gone = on.byEvent.get('gone');
      expect(gone).toMatchObject({ user: { id: GONE } });
      expect(gone?.user).not.toHaveProperty('email');
      expect(on.byEvent.get('named')).toMatchObject({ user: { id: ANN, email: 'old@example.com' } });
      expect(auditOf(on.byEvent.get('named')).actor).toEqual({ type: 'user' });
    });

    it('are not looked up by default; ids and all other fields are the same', () => {
      expect(off.asked).toEqual([]);
      expect([...off.documents.keys()].sort()).toEqual([...on.documents.keys()].sort());
      const differing = [...off.documents].filter(([id, document]) => JSON.stringify(strip(document)) !== JSON.stringify(strip(on.documents.get(id))));
      const ids = new Set(differing.map(([, document]) => (document.user as JsonObject)?.id));
      expect([...ids]).toEqual([ANN]);
      expect(off.byEvent.get('alone')?.user).toEqual({ id: ANN });
    });

    it('stay ids where the list is refused: one warning, and all is collected', async () => {
      const refused = await collect(pipeline, { resolve_members: true }, { membersList: 'refused' });
      expect(refused.asked).toEqual([`403 ${ACCOUNT}`]);
      expect(
        refused.stderr.match(/listing the members of account .* answered 403 .*: events keep the ids of persons alone, and collecting goes on/g),
      ).toHaveLength(1);
      expect([...refused.documents.keys()].sort()).toEqual([...off.documents.keys()].sort());
      expect(refused.byEvent.get('alone')?.user).toEqual({ id: ANN });
    });
  });
});

/** Without what differs with every run. */
function strip(document: JsonObject | undefined): object {
  const { data_stream: _dataStream, event, ...rest } = document ?? {};
  const { ingested: _ingested, ...more } = event as JsonObject;
  return { ...rest, event: more };
}
