import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { CommandContext } from '../../src/cli/context.ts';
import { runProgram } from '../../src/cli/program.ts';
import { PLANTED_ENV, scanForSecrets } from '../scan-for-secrets.ts';

/** The folder of the project's own declarations. */
export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** How a command line ended. */
export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line under way in this process. */
export interface RunningCli {
  readonly ended: Promise<CliResult>;
  /** What was written to stderr so far. */
  readonly stderr: () => string;
  /** Resolves when stderr matches; rejects when the command ends before. */
  readonly untilLogged: (pattern: RegExp) => Promise<void>;
  /** What SIGTERM does. */
  readonly stop: () => void;
}

/** What a test may replace of the surroundings; the planted secrets as environment and this process's id otherwise. */
export type Surroundings = Partial<Omit<CommandContext, 'stdout' | 'stderr' | 'signal'>> & { readonly terminal?: boolean };

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

class Captured {
  text = '';
  readonly isTTY: boolean;
  readonly #listeners = new Set<() => void>();

  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }

  write(text: string): void {
    this.text += text;
    for (const listener of this.#listeners) listener();
  }

  until(pattern: RegExp): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!pattern.test(this.text)) return;
        this.#listeners.delete(look);
        resolve();
      };
      this.#listeners.add(look);
      look();
    });
  }
}

/** Starts a command line in this process, with what it writes captured; `ended` rejects where that shows a planted secret. */
export function startCli(argv: readonly string[], { terminal = false, ...given }: Surroundings = {}): RunningCli {
  const [stdout, stderr] = [new Captured(terminal), new Captured(terminal)];
  const controller = new AbortController();
  const context: CommandContext = {
    cwd: tmpdir(),
    projectFolder: PROJECT,
    pid: process.pid,
    version: '9.8.7',
    isRunning,
    readStdin: async () => Buffer.alloc(0),
    ...given,
    // Descriptors, not values: a test may have written a getter.
    env: Object.defineProperties({ ...PLANTED_ENV }, Object.getOwnPropertyDescriptors(given.env ?? {})),
    stdout,
    stderr,
    signal: controller.signal,
  };
  const ended = runProgram(argv, context).then((exitCode) => {
    const leaks = [...scanForSecrets({ text: stdout.text }), ...scanForSecrets({ text: stderr.text })];
    if (leaks.length > 0) throw new Error(`${argv.join(' ')} shows secrets: ${leaks.join('; ')}`);
    return { exitCode, stdout: stdout.text, stderr: stderr.text };
  });
  const endedEarly = async (pattern: RegExp): Promise<void> => {
    const { exitCode, stderr: log } = await ended;
    if (!pattern.test(log)) throw new Error(`the command ended with ${exitCode} before it logged ${pattern}:\n${log}`);
  };
  return {
    ended,
    stderr: () => stderr.text,
    untilLogged: (pattern) => Promise.race([stderr.until(pattern), endedEarly(pattern)]),
    stop: () => controller.abort(),
  };
}

/** Runs a command line in this process to its end. */
export function runCli(argv: readonly string[], given: Surroundings = {}): Promise<CliResult> {
  return startCli(argv, given).ended;
}
