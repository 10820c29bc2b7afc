import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toNearestArtefacts } from '../../_dev/demo/to-nearest-artefacts.ts';
import type { PackageDefinition } from '../../src/definition/definition.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import { install } from '../../src/package/install.ts';
import { toArtefacts } from '../../src/package/to-artefacts.ts';
import { type CliResult, PROJECT, type RunningCli, runCli, type Surroundings, startCli } from '../cli/run-cli.ts';
import { openEngineClient, toUniqueName } from '../elasticsearch/engine-client.ts';
import type { TestEngine } from '../engines.ts';
import { PLANTED, scanForSecrets } from '../scan-for-secrets.ts';

/** A package of its own on the run's engine, and a folder for settings and states: nothing that another test file could see. */
export interface Scene {
  /** Name of the package: that of a copy of the project's declarations. */
  readonly name: string;
  readonly definition: PackageDefinition;
  readonly projectFolder: string;
  readonly folder: string;
  readonly engine: TestEngine;
  /** Where the engine lets events be mapped. */
  readonly pipeline: 'server' | 'edge';
  /** As superuser. */
  readonly client: Elasticsearch;
  readonly dataStream: (stream: string, namespace?: string) => string;
  /** Writes a settings file, completed with the engine's address and a state of its own; resolves with its path. */
  readonly writeSettings: (file: string, settings: SceneSettings) => Promise<string>;
  readonly run: (argv: readonly string[], given?: Surroundings) => Promise<CliResult>;
  readonly start: (argv: readonly string[], given?: Surroundings) => RunningCli;
  /** Removes everything; rejects where a state or another file beside the settings holds a planted secret. */
  readonly close: () => Promise<void>;
}

/** What a test chooses of the settings. */
export interface SceneSettings {
  readonly elasticsearch?: Readonly<Record<string, unknown>>;
  readonly state?: Readonly<Record<string, unknown>>;
  readonly health?: Readonly<Record<string, string>>;
  readonly kibana?: Readonly<Record<string, unknown>>;
  readonly connections: readonly Readonly<Record<string, unknown>>[];
}

/** Copies the declarations of the project into a folder, under another package name. */
export async function copyDeclarations(folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const declared of ['data_stream', 'kibana']) await cp(join(PROJECT, declared), join(folder, declared), { recursive: true });
  await cp(join(PROJECT, 'changelog.yml'), join(folder, 'changelog.yml'));
  const manifest = await readFile(join(PROJECT, 'manifest.yml'), 'utf8');
  const renamed = manifest.replaceAll(/^( *)name: cloudflare_api$/gm, `$1name: ${name}`);
  if (renamed === manifest) throw new Error('manifest.yml does not name the package as this test expects');
  await writeFile(join(folder, 'manifest.yml'), renamed);
}

/** Opens a scene; nothing is installed yet. */
export async function openScene(engine: TestEngine, prefix = 'e2e'): Promise<Scene> {
  const name = toUniqueName(prefix);
  const folder = await mkdtemp(join(tmpdir(), `${prefix}-`));
  const projectFolder = join(folder, 'project');
  await copyDeclarations(projectFolder, name);
  const client = await openEngineClient(engine);
  const pipeline = engine.capabilities.ingest ? 'server' : 'edge';
  const settingsFiles: string[] = [];
  const own = (given: Surroundings): Surroundings => ({ projectFolder, cwd: folder, ...given });
  return {
    name,
    definition: await readDefinition(projectFolder),
    projectFolder,
    folder,
    engine,
    pipeline,
    client,
    dataStream: (stream, namespace = 'default') => `logs-${name}.${stream}-${namespace}`,
    writeSettings: async (file, { elasticsearch, state, health, kibana, connections }) => {
      const path = join(folder, file);
      settingsFiles.push(path);
      // An engine without users does not look at keys, but the key is there to get out.
      const target = elasticsearch ?? { url: engine.url, ...(engine.credentials ?? { api_key: PLANTED.elasticsearchKey }), pipeline };
      await writeFile(path, JSON.stringify({ elasticsearch: target, state: state ?? { path: `./state-${file}` }, health, kibana, connections }));
      return path;
    },
    run: (argv, given = {}) => runCli(argv, own(given)),
    start: (argv, given = {}) => startCli(argv, own(given)),
    close: async () => {
      await removeAll(client, name);
      await client.close();
      const leaks = scanForSecrets({ folder, except: [projectFolder, ...settingsFiles] });
      await rm(folder, { recursive: true, force: true });
      if (leaks.length > 0) throw new Error(`what was written beside the settings holds secrets: ${leaks.join('; ')}`);
    },
  };
}

/** Installs the scene's package, with the nearest field types where the engine lacks some. */
export async function installScene({ client, definition, engine, pipeline }: Scene): Promise<void> {
  await install(client, toNearestArtefacts(toArtefacts(definition, { pipeline }), engine.capabilities), definition);
}

async function removeAll(client: Elasticsearch, name: string): Promise<void> {
  const own = [`/_data_stream/logs-${name}.*`, `/_index_template/logs-${name}.*`, `/_component_template/logs-${name}.*`, `/_ingest/pipeline/logs-${name}.*`];
  const paths = [...own, `/${name}-state`, `/_index_template/${name}-state`];
  for (const path of paths) await client.request({ attempt: 'clean up', method: 'DELETE', path, allow: 'any' });
}
