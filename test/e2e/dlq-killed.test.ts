import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { toLetterLine } from '../../src/elasticsearch/dead-letter-line.ts';
import { toLetter } from '../elasticsearch/letters.ts';
import { startStandIn } from '../elasticsearch/stand-in.ts';
import { createGate } from '../elasticsearch/writing.ts';
import { engineOrSkip } from '../engines.ts';
import { prepareChildren } from './child.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { readStored } from './read-stored.ts';
import { ACCOUNT, TOKEN } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const namespace = 'killed';
const connections = [{ name: 'main', namespace, api_token: TOKEN, streams: { audit: { account_id: ACCOUNT } } }];

let scene: Scene;

describeEngine('a replay that is killed', () => {
  beforeAll(async () => {
    scene = await openScene(engine);
    await installScene(scene);
    await prepareChildren(scene);
  });

  afterAll(() => scene.close());

  it('in the middle, leaves the file as it was, and the next one stores everything once', async () => {
    const secondBatch = createGate();
    let bulks = 0;
    const between = await startStandIn(async ({ method, url, headers, body }) => {
      bulks += url.includes('/_bulk') ? 1 : 0;
      if (bulks > 1) {
        secondBatch.open();
        return new Promise(() => {});
      }
      const { accept = '', 'content-type': type = 'application/json', authorization = '' } = headers;
      const answer = await fetch(`${engine.url}${url}`, { method, headers: { accept, 'content-type': type, authorization }, ...(body === '' ? {} : { body }) });
      return { status: answer.status, body: (await answer.json()) as object };
    });
    const state = { path: './state-killed' };
    const path = join(scene.folder, 'state-killed', 'dead-letters.ndjson');
    const { pipeline } = scene;
    const hanging = await scene.writeSettings('hanging.yml', { elasticsearch: { url: between.url, ...engine.credentials, pipeline }, state, connections });
    const straight = await scene.writeSettings('straight.yml', { state, connections });
    const ids = Array.from({ length: 1_200 }, (_, index) => `r${index}`);
    const raw = (id: string) => Buffer.from(JSON.stringify({ id, when: '2026-11-20T10:00:00Z', action: { type: 'login', result: true } }));
    await mkdir(join(scene.folder, 'state-killed'));
    await writeFile(path, Buffer.concat(ids.map((id) => toLetterLine(toLetter(id, { namespace, scope_id: ACCOUNT, raw: raw(id) })))));
    const before = await readFile(path);
    const child = spawn(process.execPath, [join(scene.projectFolder, 'src/cli/bin.js'), 'dlq', 'replay', '--config', hanging], {
      cwd: scene.folder,
      stdio: 'inherit',
    });
    const ended = once(child, 'exit');
    await Promise.race([secondBatch.opened, ended]);
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    await between.close();
    expect((await readFile(path)).equals(before)).toBe(true);
    expect(await readStored(engine, scene.dataStream('audit', namespace))).toHaveLength(1_000);
    const { exitCode, stdout, stderr } = await scene.run(['dlq', 'replay', '--json', '--config', straight]);
    expect({ exitCode, stderr, said: JSON.parse(stdout) }).toMatchObject({ exitCode: 0, said: { created: 200, duplicate: 1_000, remaining: 0 } });
    const stored = await readStored(engine, scene.dataStream('audit', namespace));
    expect(stored.map(({ id }) => id).sort()).toEqual(ids.toSorted());
    expect(await readFile(path, 'utf8')).toBe('');
  });
});
