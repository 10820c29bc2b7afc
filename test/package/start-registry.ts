import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** A package registry of this machine. */
export interface Registry {
  readonly get: (path: string) => Promise<Response>;
  readonly stop: () => Promise<void>;
}

const READY_MS = 30_000;

async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Starts Elastic's package registry on a folder of packages.
 * @param program path of package-registry
 * @param folder for its settings
 * @throws Error with its log where it ends, or does not answer in time
 */
export async function startRegistry(program: string, { packages, folder }: { readonly packages: string; readonly folder: string }): Promise<Registry> {
  const address = `127.0.0.1:${await findPort()}`;
  const config = join(folder, 'registry.yml');
  await writeFile(config, JSON.stringify({ package_paths: [packages] }));
  const child = spawn(program, ['-address', address, '-config', config, '-require-package-signatures=false'], { cwd: folder });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = once(child, 'exit');
  const get = (path: string): Promise<Response> => fetch(`http://${address}${path}`);
  const stop = async (): Promise<void> => {
    child.kill();
    await ended;
  };
  try {
    await untilReady(child, get);
  } catch (cause) {
    await stop();
    throw new Error(`package-registry does not answer:\n${log}`, { cause });
  }
  return { get, stop };
}

/** It tells nobody when it listens, so it is asked until it answers. */
async function untilReady(child: ChildProcess, get: Registry['get']): Promise<void> {
  const end = Date.now() + READY_MS;
  for (;;) {
    const answer = await get('/health').catch((error: unknown) => error as Error);
    if (!(answer instanceof Error)) return;
    if (child.exitCode !== null || Date.now() > end) throw answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
