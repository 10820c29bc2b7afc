import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderYaml } from '../../src/compile/render-yaml.ts';

/** What the registry keeps of an input: for each account or zone the end of its last complete window. */
export type Cursor = Readonly<Record<string, { readonly until: string }>>;

/** Filebeat with one input, in a folder that keeps its registry over restarts. */
export interface Filebeat {
  readonly folder: string;
  /** Starts the process; rejects where one runs. */
  readonly start: () => Promise<void>;
  /** Ends it as Elastic Agent does, and waits until it has ended. */
  readonly stop: () => Promise<void>;
  /** Ends it at once, as a crash does. */
  readonly kill: () => Promise<void>;
  /** What it has logged so far, over all starts. */
  readonly log: () => string;
  /** Resolves when the log matches; rejects where the process ends before. */
  readonly untilLogged: (pattern: RegExp) => Promise<void>;
  /** The cursor that the registry keeps; undefined before the first. */
  readonly readCursor: () => Promise<Cursor | undefined>;
  /** Resolves with the registry's cursor when it is as wanted; rejects where the process ends before. */
  readonly untilCursor: (wanted: (cursor: Cursor) => boolean) => Promise<Cursor>;
  /** Stops it and removes the folder. */
  readonly close: () => Promise<void>;
}

export interface FilebeatOptions {
  /** Path of the program. */
  readonly program: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** `output.NAME` and its options. */
  readonly output: Readonly<Record<string, unknown>>;
}

const LOOK_EVERY_MS = 50;

/** Less than a test may take, so that Filebeat is stopped also where it never does what is waited for. */
const PATIENCE_MS = 90_000;

/** Opens a folder for Filebeat and writes its settings; nothing is started yet. */
export async function openFilebeat({ input, output, program }: FilebeatOptions): Promise<Filebeat> {
  const folder = await mkdtemp(join(tmpdir(), 'filebeat-'));
  await writeFile(join(folder, 'filebeat.yml'), renderYaml(toSettings(input, output)));
  // Elastic Agent runs its programs two folders below its logs.
  const workFolder = join(folder, 'run', 'cel');
  await mkdir(workFolder, { recursive: true });
  let child: ChildProcess | undefined;
  let log = '';
  const start = async (): Promise<void> => {
    if (child !== undefined) throw new Error('Filebeat runs already');
    child = spawn(program, ['-c', join(folder, 'filebeat.yml'), '--strict.perms=false', '--path.home', folder, '-e'], {
      cwd: workFolder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    child.once('exit', () => {
      child = undefined;
    });
    await once(child, 'spawn');
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === undefined) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  const until = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
    for (const begun = Date.now(); ; ) {
      const running = child !== undefined;
      const found = await look();
      if (found !== undefined) return found;
      if (!running || Date.now() - begun > PATIENCE_MS) throw new Error(`Filebeat ended, or took too long, before ${what}:\n${log.slice(-4000)}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  };
  const readCursor = (): Promise<Cursor | undefined> => readRegistry(join(folder, 'data', 'registry', 'filebeat'));
  return {
    folder,
    start,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    log: () => log,
    untilLogged: async (pattern) => void (await until(`it logged ${pattern}`, async () => (pattern.test(log) ? true : undefined))),
    readCursor,
    untilCursor: (wanted) =>
      until('its cursor was as wanted', async () => {
        const cursor = await readCursor();
        return cursor !== undefined && wanted(cursor) ? cursor : undefined;
      }),
    close: async () => {
      await end('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function toSettings(input: object, output: object): object {
  return {
    'filebeat.inputs': [input],
    ...output,
    // Elastic Agent leaves templates and lifecycles to Fleet.
    'setup.template.enabled': false,
    'setup.ilm.enabled': false,
    'queue.mem': { events: 3200, 'flush.min_events': 1600, 'flush.timeout': '0s' },
    'logging.level': 'debug',
    'logging.selectors': ['*'],
  };
}

/** The registry is a snapshot, where there is one, and a log of what was set since: a line with the operation, one with key and value. */
async function readRegistry(folder: string): Promise<Cursor | undefined> {
  const log = await readFile(join(folder, 'log.json'), 'utf8').catch(() => '');
  const cursors = log
    .split('\n')
    .filter((line) => line.includes('"cursor"'))
    .flatMap((line) => parseEntry(line));
  return cursors.at(-1);
}

/** The last line may be half written. */
function parseEntry(line: string): readonly Cursor[] {
  try {
    const { v } = JSON.parse(line) as { readonly v?: { readonly cursor?: Cursor | null } };
    return v?.cursor ? [v.cursor] : [];
  } catch {
    return [];
  }
}
