import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { EngineFailure } from './engine.ts';
import { noteLeftover } from './leftovers.ts';
import type { RunAs } from './run-as.ts';

/** How the programs of a distribution are run. */
export interface NodeContext {
  readonly home: string;
  /** What `makeNodeFolder` made. */
  readonly folder: string;
  readonly runAs: RunAs;
  /** The environment of the node and of its tools. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A node's process. */
export interface NodeProcess {
  /** Whether it has ended. */
  readonly ended: () => boolean;
  /** The last lines it wrote, for a person. */
  readonly lastLines: (count: number) => string;
  /** Asks it to stop, after 30 seconds kills it; returns when no process is left. */
  readonly stop: () => Promise<void>;
}

const patienceMs = 30_000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function killQuietly(pid: number | undefined): void {
  try {
    if (pid !== undefined) {
      process.kill(pid, 'SIGKILL');
    }
  } catch {
    // It has ended by itself.
  }
}

/** The environment in which the programs of a distribution find their Java and leave nothing outside the node's folder. */
export function makeNodeEnvironment(context: Omit<NodeContext, 'runAs'>, javaHome: string, heap: string): NodeContext['env'] {
  const temporary = join(context.folder, 'tmp');
  return {
    ...context.env,
    HOME: context.folder,
    ES_JAVA_HOME: javaHome,
    ES_PATH_CONF: join(context.folder, 'config'),
    ES_TMPDIR: temporary,
    ES_JAVA_OPTS: `-Xms${heap} -Xmx${heap} -XX:-UsePerfData ${context.env.ES_JAVA_OPTS ?? ''}`.trim(),
    CLI_JAVA_OPTS: `-Djava.io.tmpdir=${temporary} -XX:-UsePerfData`,
  };
}

async function endChild(child: ChildProcess, serverPid: () => number | undefined): Promise<void> {
  const server = serverPid();
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await Promise.race([exited, wait(patienceMs, undefined, { ref: false })]);
  }
  const giveUpAt = Date.now() + 5_000;
  while (server !== undefined && isAlive(server) && Date.now() < giveUpAt) {
    await wait(50);
  }
  killQuietly(server);
  child.kill('SIGKILL');
}

/**
 * Starts a node in our own process group, so that who ends the group ends the node. The child is Elasticsearch's launcher; the server is the
 * launcher's child and ends with it. While it runs it is a leftover that `removeLeftovers` kills.
 */
export function startNodeProcess({ home, folder, runAs, env }: NodeContext): NodeProcess {
  const consoleFile = join(folder, 'logs/console');
  const pidFile = join(folder, 'tmp/pid');
  const output = openSync(consoleFile, 'a');
  const child = spawn(join(home, 'bin/elasticsearch'), ['-p', pidFile], { cwd: folder, env, stdio: ['ignore', output, output], ...runAs });
  closeSync(output);
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  const serverPid = (): number | undefined => (existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').trim()) || undefined : undefined);
  const forget = noteLeftover(() => {
    const server = serverPid();
    killQuietly(child.pid);
    killQuietly(server);
    // A JVM that is killed leaves the socket behind through which Elasticsearch attached to itself.
    rmSync(join('/tmp', `.java_pid${server}`), { force: true });
  });
  return {
    ended: () => failure !== undefined || child.exitCode !== null || child.signalCode !== null,
    lastLines: (count) => failure?.message ?? readFileSync(consoleFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n'),
    stop: () => endChild(child, serverPid).finally(forget),
  };
}

/**
 * Runs one of the distribution's tools to its end, with `input` on its standard input.
 *
 * @throws EngineFailure with what it wrote, where it fails.
 */
export async function runNodeTool({ home, folder, runAs, env }: NodeContext, command: readonly string[], input = ''): Promise<void> {
  const [name = '', ...rest] = command;
  const child = spawn(join(home, 'bin', name), rest, { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'], ...runAs });
  let written = '';
  child.stdout.on('data', (chunk) => {
    written += chunk;
  });
  child.stderr.on('data', (chunk) => {
    written += chunk;
  });
  child.stdin.on('error', () => undefined).end(input);
  const forget = noteLeftover(() => killQuietly(child.pid));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve)).catch((error: Error) => {
    throw new EngineFailure(`${name} could not be run: ${error.message}`);
  });
  forget();
  if (code !== 0) {
    throw new EngineFailure(`${name} ended with ${code}: ${written.trim()}`);
  }
}
