import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { noteLeftover } from '../elasticsearch/leftovers.ts';

/** The compiled program, as it is when it is installed: a start costs half of what it does from the sources. */
export interface Program {
  /** Starts a process of its own. */
  readonly start: (argv: readonly string[], cwd: string) => Started;
}

/** A process under way. */
export interface Started {
  readonly pid: number;
  /** What it wrote to stderr so far. */
  readonly stderr: () => string;
  readonly stdout: () => string;
  readonly kill: (signal: 'SIGKILL' | 'SIGTERM') => void;
  /** Resolves with the exit code, or with the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
}

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** Compiles the sources into a folder. */
export async function compileProgram(dist: string): Promise<void> {
  const tsc = join(PROJECT, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', 'tsconfig.dist.json', '--outDir', dist], { cwd: PROJECT });
}

/** Lays what was compiled into a folder that already has declarations. */
export async function layProgram(folder: string, dist: string): Promise<Program> {
  const program = join(folder, 'src/cli/bin.js');
  await cp(dist, join(folder, 'dist'), { recursive: true });
  await cp(join(PROJECT, 'src/cli/bin.js'), program);
  await cp(join(PROJECT, 'schema'), join(folder, 'schema'), { recursive: true });
  for (const part of ['node_modules', 'package.json']) await symlink(join(PROJECT, part), join(folder, part));
  return { start: (argv, cwd) => toStarted(spawn(process.execPath, [program, ...argv], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })) };
}

function toStarted(child: ChildProcess): Started {
  const forget = noteLeftover(() => child.kill('SIGKILL'));
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
    });
  }
  const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => {
    forget();
    return code ?? signal ?? 'nothing';
  });
  return { pid: child.pid ?? 0, stderr: () => written.stderr, stdout: () => written.stdout, kill: (signal) => child.kill(signal), ended };
}
