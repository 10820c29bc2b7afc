import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { toLetterLine } from '../../src/elasticsearch/dead-letter-line.ts';
import { send } from '../elasticsearch/engine-client.ts';
import { engineOrSkip } from '../engines.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { readStored } from './read-stored.ts';
import { ACCOUNT, openSmallWorld, type SmallWorld, TOKEN, ZONE } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip({ ingest: true });

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let scene: Scene;

interface Said {
  readonly total?: number;
  readonly letters: readonly { readonly id: string; readonly reason: string; readonly places?: readonly string[]; readonly stream: string }[];
}

async function dlq(settings: string, ...argv: readonly string[]): Promise<{ readonly exitCode: number; readonly stderr: string; readonly said: Said }> {
  const { exitCode, stderr, stdout } = await scene.run(['dlq', ...argv, '--json', '--config', settings]);
  return { exitCode, stderr, said: stdout === '' ? { letters: [] } : (JSON.parse(stdout) as Said) };
}

/** Lets the stream's own pipeline fail for every record until it is mended. */
async function breakPipeline(stream: string): Promise<() => Promise<void>> {
  const found = await send<Record<string, { _meta?: object }>>(scene.client, 'GET', `/_ingest/pipeline/logs-${scene.name}.${stream}-*`);
  const [[name, pipeline] = ['', {}]] = Object.entries(found);
  const path = `/_ingest/pipeline/${name}`;
  const { _meta } = pipeline;
  await send(scene.client, 'PUT', path, { processors: [{ fail: { message: 'told to fail' } }], ...(_meta && { _meta }) });
  return async () => {
    const { created_date: _created, modified_date: _modified, created_date_millis: _c, modified_date_millis: _m, ...own } = pipeline as Record<string, unknown>;
    await send(scene.client, 'PUT', path, own);
  };
}

/** 9.x has it on for logs by default, 8.19 off. */
async function useFailureStore(): Promise<void> {
  if (!engine.version.startsWith('8.')) return;
  await send(scene.client, 'PUT', '/_cluster/settings', { persistent: { 'data_streams.failure_store.enabled': `logs-${scene.name}.*` } });
}

const countFailures = async (dataStream: string): Promise<number> => {
  await send(scene.client, 'POST', `/${dataStream}::failures/_refresh`);
  return (await send<{ count: number }>(scene.client, 'GET', `/${dataStream}::failures/_count`)).count;
};

/** The dead letters among what the collector says of itself. */
async function readLetters(world: SmallWorld) {
  const documents = (await world.readStream('collector')).map(({ document }) => document);
  return documents.filter(({ event }) => (event as { action: string }).action === 'dead_letter');
}

describeEngine('dlq beyond the file', () => {
  beforeAll(async () => {
    scene = await openScene(engine);
    await installScene(scene);
  });

  afterAll(async () => {
    if (engine.version.startsWith('8.')) await send(scene.client, 'PUT', '/_cluster/settings', { persistent: { 'data_streams.failure_store.enabled': null } });
    await scene.close();
  });

  it('lists what a failure store holds, with its reason, and replays it under the same id', async () => {
    const namespace = 'failing';
    const dataStream = scene.dataStream('audit', namespace);
    await useFailureStore();
    const connections = [{ name: 'main', namespace, api_token: TOKEN, streams: { audit: { account_id: ACCOUNT } } }];
    const settings = await scene.writeSettings('failing.yml', { state: { path: './state-failing' }, connections });
    const path = join(scene.folder, 'state-failing', 'dead-letters.ndjson');
    await mkdir(join(scene.folder, 'state-failing'));
    const raw = Buffer.from(JSON.stringify({ id: 'a', when: '2026-11-20T10:00:00Z', action: { type: 'login', result: true } }));
    const letter = { time: '2026-11-20T11:00:00.000Z', connection: 'main', namespace, stream: 'audit', source: 'v1', scope_id: ACCOUNT };
    const known = { ...letter, status: 201, reason: 'kept in the failure store of the data stream', raw };
    await writeFile(path, Buffer.concat(['a', 'b'].map((id) => toLetterLine({ ...known, id }))));
    const mend = await breakPipeline('audit');
    const failed = await dlq(settings, 'replay').finally(mend);
    expect(failed).toMatchObject({ exitCode: 1, said: { remaining: 2 } });
    expect(await countFailures(dataStream)).toBe(2);
    const listed = await dlq(settings, 'list');
    expect(listed.said.letters).toMatchObject(
      ['a', 'b'].map((id) => ({ id, places: ['file', 'failure store'], reason: expect.stringContaining('told to fail') as string })),
    );
    await rm(path);
    expect((await dlq(settings, 'list')).said).toMatchObject({ total: 2, letters: [{ places: ['failure store'] }, {}] });
    const replayed = await dlq(settings, 'replay');
    expect(replayed).toMatchObject({ exitCode: 0, said: { created: 2, duplicate: 0, remaining: 0 } });
    const stored = await readStored(engine, dataStream);
    expect(stored.map(({ id }) => id).sort()).toEqual(['a', 'b']);
    expect(stored[0]?.document).toMatchObject({ event: { action: 'login' }, cloud: { account: { id: ACCOUNT } } });
    expect((await dlq(settings, 'list')).said).toMatchObject({ total: 0, stored: 2 });
    expect(await dlq(settings, 'replay')).toMatchObject({ exitCode: 0, said: { created: 0, duplicate: 0, remaining: 0 } });
    expect(await readStored(engine, dataStream)).toHaveLength(2);
  });

  it('keeps dead letters in the collector data stream where the settings say so, and what that refuses in the file', async () => {
    const world = await openSmallWorld(scene);
    const state = { path: './state-stream', dead_letters: { store: 'elasticsearch' } };
    const connection = world.toConnection({ streams: { logpull: { zone_id: ZONE, initial_interval: '150m', interval: '1s' } } });
    const settings = await scene.writeSettings('stream.yml', {
      state,
      health: { heartbeat: '0s' },
      connections: [connection as Readonly<Record<string, unknown>>],
    });
    const path = join(scene.folder, 'state-stream', 'dead-letters.ndjson');
    world.cloudflare.faults.add({ match: { path: /\/logs\/received$/, nth: 2, times: 1 }, answer: { badUtf8Line: 3 } });
    try {
      expect(await world.collect(settings)).toMatchObject({ exitCode: 0 });
      await expect(stat(path)).rejects.toThrow('ENOENT');
      const kept = await readLetters(world);
      expect(kept).toHaveLength(1);
      expect(kept[0]).toMatchObject({
        event: { action: 'dead_letter', outcome: 'failure', reason: expect.stringContaining('UTF-8') as string },
        cloudflare: {
          collector: { kind: 'dead_letter', stream: 'logpull', scope: { id: ZONE }, record_base64: expect.stringMatching(/^[\w+/]+=*$/) as string },
        },
      });
      const listed = await dlq(settings, 'list', '--stream', 'logpull');
      expect(listed).toMatchObject({ exitCode: 0, said: { total: 1, letters: [{ places: ['data stream'], stream: 'logpull' }] } });
      expect(await dlq(settings, 'replay')).toMatchObject({ exitCode: 1, said: { remaining: 1 } });
      expect(await readLetters(world)).toHaveLength(1);
      const mend = await breakPipeline('collector');
      await send(scene.client, 'DELETE', `/_data_stream/${scene.dataStream('collector', world.namespace)}`);
      await rm(join(scene.folder, 'state-stream', 'partitions'), { recursive: true });
      world.cloudflare.faults.add({ match: { path: /\/logs\/received$/, times: 1 }, answer: { badUtf8Line: 1 } });
      expect(await world.collect(settings).finally(mend)).toMatchObject({ exitCode: 0 });
      expect(
        (await readFile(path, 'utf8'))
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ).toMatchObject([{ stream: 'logpull', status: 0 }]);
    } finally {
      await world.close();
    }
  });
});
