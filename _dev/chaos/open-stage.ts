import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { installScene, openScene, type Scene } from '../../test/e2e/open-scene.ts';
import type { TestEngine } from '../../test/engines.ts';
import { layProgram, type Program } from './program.ts';

/** A package on the engine and the program that has its declarations. */
export interface Stage {
  readonly scene: Scene;
  readonly program: Program;
}

export interface StageOptions {
  /** Longest window of each data stream, in place of the declared one: short windows give many moments. */
  readonly windows?: Readonly<Record<string, string>>;
}

/** Copies the declarations, installs their package under a name of its own, and lays the program beside them. */
export async function openStage(engine: TestEngine, dist: string, { windows = {} }: StageOptions = {}): Promise<Stage> {
  const opened = await openScene(engine, 'chaos');
  for (const [stream, max] of Object.entries(windows)) await shortenWindows(join(opened.projectFolder, 'data_stream', stream, 'stream.yml'), max);
  const scene = { ...opened, definition: await readDefinition(opened.projectFolder) };
  for (const stream of Object.keys(windows)) await leaveOutReplicas(scene, stream);
  await installScene(scene);
  return { scene, program: await layProgram(scene.projectFolder, dist) };
}

/** One node has no place for replicas, and many rollovers would reach its limit of shards. */
async function leaveOutReplicas({ client, name }: Scene, stream: string): Promise<void> {
  const template = { settings: { 'index.number_of_replicas': 0 } };
  await client.request({ attempt: 'customising', method: 'PUT', path: `/_component_template/logs-${name}.${stream}@custom`, body: { template } });
}

async function shortenWindows(file: string, max: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const shortened = text.replaceAll(/^( +window: \{.*\bmax: )\w+/gm, `$1${max}`);
  if (shortened === text) throw new Error(`${file} declares no windows as this run expects`);
  await writeFile(file, shortened);
}
