import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEMO_API_KEY } from '../../_dev/kibana/options.ts';
import { type SimulatedKibana, startKibana } from '../../_dev/kibana/start-kibana.ts';
import { PROJECT } from '../cli/run-cli.ts';
import { engineOrSkip } from '../engines.ts';
import { openScene, type Scene } from './open-scene.ts';

const { engine, describeEngine } = await engineOrSkip();

describeEngine('install --kibana with the state in Elasticsearch', () => {
  let scene: Scene;
  let kibana: SimulatedKibana;
  beforeAll(async () => {
    scene = await openScene(engine, 'kibana');
    kibana = await startKibana();
    for (const file of ['LICENSE', 'docs', 'img']) await cp(join(PROJECT, file), join(scene.projectFolder, file), { recursive: true });
  });
  afterAll(async () => {
    await kibana.close();
    await scene.close();
  });

  it("puts the template of the state's index there, and nothing else", async () => {
    const settings = {
      elasticsearch: { url: engine.url, ...(engine.credentials ?? {}) },
      kibana: { url: kibana.url, api_key: DEMO_API_KEY },
      state: { store: 'elasticsearch' },
      connections: [{ name: 'main', api_token: 'token-of-the-test' }],
    };
    const path = join(scene.folder, 'settings.yml');
    await writeFile(path, JSON.stringify(settings));
    const { exitCode, stderr, stdout } = await scene.run(['install', '--kibana', '--config', path]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`put +index template ${scene.name}-state\\n`));
    const names = async (pattern: string): Promise<readonly string[]> => {
      const call = { attempt: 'looking', method: 'GET', path: `/_index_template/${pattern}`, allow: [404] } as const;
      const { body } = await scene.client.request<{ readonly index_templates?: readonly { readonly name: string }[] }>(call);
      return (body.index_templates ?? []).map(({ name }) => name);
    };
    expect(await names(`${scene.name}-state`)).toEqual([`${scene.name}-state`]);
    expect(await names(`logs-${scene.name}.*`)).toEqual([]);
    expect(kibana.packages().map(({ info }) => info.name)).toEqual([scene.name]);
  });
});
