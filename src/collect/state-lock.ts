import { readFileSync } from 'node:fs';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StateError } from '../errors.ts';

/** Keeps other processes off a state folder. */
export interface StateLock {
  release(): Promise<void>;
}

/** This process, and how to ask about others. */
export interface LockOwner {
  readonly pid: number;
  /** Whether a process of that id runs. */
  readonly isRunning: (pid: number) => boolean;
}

interface Holder {
  /** Absent once the lock was released. */
  readonly pid?: number;
  /** When that process started, in the kernel's ticks: pids are used again. Absent where the system does not tell. */
  readonly started?: string | undefined;
}

/**
 * Takes the lock of a state folder. The lock of a process that is gone is taken over.
 *
 * Locks are numbered files, the highest is the one that counts. To take over is to create the next number, which only one of several can; numbers never go
 * back, so nobody acts on what was true a moment ago.
 * @throws StateError when another process holds it
 */
export async function takeStateLock(folder: string, owner: LockOwner): Promise<StateLock> {
  for (;;) {
    const top = await readTop(folder);
    const holder = top === 0 ? undefined : await readHolder(toFile(folder, top));
    if (holder?.pid !== undefined && isAlive(holder, owner)) {
      throw new StateError(`the state in ${folder} is in use by process ${holder.pid}`, {
        hint: 'Stop that process, or give this one a state.path of its own: two collectors on one state would collect everything twice.',
      });
    }
    const own = toFile(folder, top + 1);
    if (!(await create(own, { pid: owner.pid, started: readStart(owner.pid) }))) continue;
    if ((await readTop(folder)) !== top + 1) {
      await rm(own, { force: true });
      continue;
    }
    await removeBelow(folder, top + 1);
    return { release: () => replace(own, {}) };
  }
}

function toFile(folder: string, number: number): string {
  return join(folder, `lock.${number}`);
}

async function readNumbers(folder: string): Promise<readonly number[]> {
  return (await readdir(folder)).flatMap((name) => (/^lock\.\d+$/.test(name) ? [Number(name.slice(5))] : []));
}

async function readTop(folder: string): Promise<number> {
  return Math.max(0, ...(await readNumbers(folder)));
}

async function removeBelow(folder: string, number: number): Promise<void> {
  for (const lower of await readNumbers(folder)) if (lower < number) await rm(toFile(folder, lower), { force: true });
}

/** Undefined where the file went away in the meantime, or was being written when the machine went down: then its process is gone too. */
async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/** The lock appears with its content, or not at all. */
async function create(file: string, holder: Holder): Promise<boolean> {
  const aside = await writeAside(file, holder);
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

async function replace(file: string, holder: Holder): Promise<void> {
  await rename(await writeAside(file, holder), file);
}

let asides = 0;

/** A file of a name that nobody else uses. */
async function writeAside(file: string, holder: Holder): Promise<string> {
  asides += 1;
  const aside = `${file}.${holder.pid ?? 'released'}.${asides}`;
  await writeFile(aside, JSON.stringify(holder));
  return aside;
}

function isAlive({ pid = 0, started }: Holder, owner: LockOwner): boolean {
  return owner.isRunning(pid) && (started === undefined || readStart(pid) === started);
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
