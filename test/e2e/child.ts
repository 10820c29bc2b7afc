import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT } from '../cli/run-cli.ts';
import type { Scene } from './open-scene.ts';

/** The program in a process of its own, which can be killed. */
export interface Child {
  /** What it wrote to stderr so far. */
  readonly log: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves with the exit code or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** A child process runs the program of the folder that it lies in: gives the scene's folder one, with the scene's declarations. */
export async function prepareChildren({ projectFolder }: Scene): Promise<void> {
  for (const part of ['src', 'schema']) await cp(join(PROJECT, part), join(projectFolder, part), { recursive: true });
  for (const part of ['node_modules', 'package.json']) await symlink(join(PROJECT, part), join(projectFolder, part));
}

/** Starts the program as a user does. */
export function startChild({ folder, projectFolder }: Scene, argv: readonly string[]): Child {
  const child = spawn(process.execPath, [join(projectFolder, 'src/cli/bin.js'), ...argv], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal);
  return { log: () => log, kill: (signal) => void child.kill(signal), ended };
}
