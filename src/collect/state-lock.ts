import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StateError } from '../errors.ts';

/** Keeps other processes off a state folder. */
export interface StateLock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  /** When that process started, in the kernel's ticks: pids are used again. Absent where the system does not tell. */
  readonly started: string | undefined;
}

/** This process, and how to ask about others. */
export interface LockOwner {
  readonly pid: number;
  /** Whether a process of that id runs. */
  readonly isRunning: (pid: number) => boolean;
}

/**
 * Takes the lock of a state folder. The lock of a process that is gone is taken over.
 * @throws StateError when another process holds it
 */
export async function takeStateLock(folder: string, owner: LockOwner): Promise<StateLock> {
  const file = join(folder, 'lock');
  const aside = `${file}.${owner.pid}`;
  const own = JSON.stringify({ pid: owner.pid, started: readStart(owner.pid) } satisfies Holder);
  for (;;) {
    if (await create(file, { own, aside })) return { release: () => rm(file, { force: true }) };
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const holder = JSON.parse(text) as Holder;
    if (isAlive(holder, owner)) {
      throw new StateError(`the state in ${folder} is in use by process ${holder.pid}`, {
        hint: 'Stop that process, or give this one a state.path of its own: two collectors on one state would collect everything twice.',
      });
    }
    await moveAway(file, { text, aside });
  }
}

/** The lock appears with its content or not at all. */
async function create(file: string, { own, aside }: { readonly own: string; readonly aside: string }): Promise<boolean> {
  await writeFile(aside, own);
  try {
    await link(aside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/** Only one of several that find the same dead lock moves it; who moved a living one by mistake puts it back. */
async function moveAway(file: string, { text, aside }: { readonly text: string; readonly aside: string }): Promise<void> {
  const moved = await rename(file, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  if ((await readFile(aside, 'utf8')) !== text) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

function isAlive({ pid, started }: Holder, owner: LockOwner): boolean {
  return pid !== owner.pid && owner.isRunning(pid) && (started === undefined || readStart(pid) === started);
}

/** Field 22 of /proc/PID/stat; see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function readStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
