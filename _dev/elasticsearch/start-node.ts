import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Credentials, EngineFailure, type EngineRequest, type RunningEngine } from './engine.ts';
import { findJava } from './find-java.ts';
import { readHomeVersion } from './home-layout.ts';
import { noteLeftover } from './leftovers.ts';
import { makeNodeFolder, removeNodeFolder } from './node-folder.ts';
import { makeNodeEnvironment, type NodeContext, type NodeProcess, runNodeTool, startNodeProcess } from './node-process.ts';
import { findRunAs, type RunAs } from './run-as.ts';
import { isSettled } from './settle-engine.ts';

const pollMs = 250;
const reportMs = 10_000;

function checkReadable(home: string, runAs: RunAs): void {
  const found = spawnSync('test', ['-x', join(home, 'bin/elasticsearch')], runAs);
  if (found.status !== 0) {
    throw new EngineFailure(`${home} cannot be read by user ${runAs.uid}, as whom Elasticsearch must run; put it where others may read`);
  }
}

async function addPassword(context: NodeContext): Promise<Credentials> {
  const password = randomBytes(12).toString('hex');
  await runNodeTool(context, ['elasticsearch-keystore', 'create']);
  await runNodeTool(context, ['elasticsearch-keystore', 'add', '--stdin', 'bootstrap.password'], password);
  return { username: 'elastic', password };
}

/** Where a started node listens, once it has said so; one address a line. */
function readAddress(folder: string): string | undefined {
  const file = join(folder, 'logs/http.ports');
  const line = existsSync(file) ? readFileSync(file, 'utf8').split('\n')[0] : undefined;
  return line ? `http://${line.trim()}` : undefined;
}

async function waitUntilReady(
  node: NodeProcess,
  folder: string,
  rest: { readonly credentials?: Credentials; readonly request: EngineRequest },
): Promise<string> {
  const { startTimeoutMs, log } = rest.request;
  const began = Date.now();
  let reported = began;
  for (;;) {
    if (node.ended()) {
      throw new EngineFailure(`Elasticsearch ended while starting; its last lines:\n${node.lastLines(15)}`);
    }
    const url = readAddress(folder);
    if (url !== undefined && (await isSettled({ ...rest, url }))) {
      return url;
    }
    const now = Date.now();
    if (now - began > startTimeoutMs) {
      throw new EngineFailure(`Elasticsearch did not answer within ${Math.round(startTimeoutMs / 1000)} s; its last lines:\n${node.lastLines(15)}`);
    }
    if (now - reported >= reportMs) {
      reported = now;
      log(`Elasticsearch: still starting after ${Math.round((now - began) / 1000)} s: ${node.lastLines(1).slice(0, 160)}`);
    }
    await wait(pollMs);
  }
}

/**
 * Starts a throw-away node of an unpacked distribution on a free port of 127.0.0.1, with folders of its own, as another user where we are root; nothing
 * is written into the distribution. With security on it has the user `elastic` with a random password.
 *
 * @throws EngineFailure where it does not come up; nothing is left behind then.
 */
export async function startNode(home: string, origin: string, request: EngineRequest): Promise<RunningEngine> {
  const version = readHomeVersion(home);
  const javaHome = findJava(request.env, home);
  const runAs = findRunAs(process.getuid?.());
  checkReadable(home, runAs);
  const folder = makeNodeFolder({ home, runAs, security: request.security, temporary: request.env.TMPDIR || tmpdir() });
  const forgetFolder = noteLeftover(() => removeNodeFolder(folder));
  const context: NodeContext = { home, folder, runAs, env: makeNodeEnvironment({ home, folder, env: request.env }, javaHome, request.heap) };
  let node: NodeProcess | undefined;
  const stop = async (): Promise<void> => {
    await node?.stop();
    removeNodeFolder(folder);
    forgetFolder();
  };
  try {
    request.log(`Elasticsearch: starting ${version} from ${home} (heap ${request.heap}, Java ${javaHome}${request.security ? ', security on' : ''})`);
    const secured = request.security ? { credentials: await addPassword(context) } : {};
    node = startNodeProcess(context);
    const url = await waitUntilReady(node, folder, { ...secured, request });
    return { url, ...secured, origin, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
