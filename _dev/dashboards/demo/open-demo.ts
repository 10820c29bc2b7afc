import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import type { CommandContext } from '../../../src/cli/context.ts';
import { installOn } from '../../demo/install-on.ts';
import { noteLeftover } from '../../elasticsearch/leftovers.ts';
import { type ProvidedElasticsearch, provideElasticsearch } from '../../elasticsearch/provide-elasticsearch.ts';
import type { DemoScale } from './demo-world.ts';
import { DEMO_HEALTH, fillEngine } from './fill-engine.ts';

/** An engine with the package and the demo's data. */
export interface Demo {
  readonly engine: ProvidedElasticsearch;
  /** Ends all that was started. */
  readonly close: () => Promise<void>;
}

interface DemoOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly projectFolder: string;
  readonly scale: DemoScale;
  readonly signal: AbortSignal;
  /** Takes one line of progress. */
  readonly log: (line: string) => void;
}

/**
 * Starts an engine, installs the package on it and fills it.
 * @throws NoElasticsearchError where there is no engine
 */
export async function openDemo({ env, projectFolder, scale, signal, log }: DemoOptions): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudflare-dashboards-'));
  const forget = noteLeftover(() => rmSync(folder, { recursive: true, force: true }));
  const removeFolder = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    forget();
  };
  const stops: (() => Promise<void>)[] = [removeFolder];
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const engine = await provideElasticsearch({ env, log });
    stops.push(engine.stop);
    log(await installOn(engine));
    const writeSettings = async (connections: readonly object[]): Promise<string> => {
      const file = join(folder, 'settings.yml');
      const elasticsearch = { url: engine.url, ...engine.credentials, pipeline: engine.capabilities.ingest ? 'server' : 'edge' };
      await writeFile(file, dump({ elasticsearch, state: { path: './state' }, health: DEMO_HEALTH, connections }));
      return file;
    };
    await fillEngine({ scale, context: toContext({ folder, projectFolder, signal, log }), writeSettings });
    return { engine, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function toContext({
  folder,
  projectFolder,
  signal,
  log,
}: Pick<DemoOptions, 'projectFolder' | 'signal' | 'log'> & { readonly folder: string }): CommandContext {
  const stream = { write: (text: string) => log(toSentence(text)) };
  return {
    ...{ env: {}, cwd: folder, projectFolder, stdout: stream, stderr: stream, signal, pid: process.pid, version: '0.0.0' },
    isRunning: (pid) => pid === process.pid,
    readStdin: () => Promise.resolve(Buffer.alloc(0)),
  };
}

/** Where it is no terminal, the log is JSON. */
function toSentence(text: string): string {
  if (!text.startsWith('{')) return text.trimEnd();
  const { message = text } = JSON.parse(text) as { readonly message?: string };
  return message;
}
