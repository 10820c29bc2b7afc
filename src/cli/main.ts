import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { CommandContext } from './context.ts';
import { exitCodes } from './exit-code.ts';
import { runProgram } from './program.ts';
import { endAtLatest, interruptible } from './signals.ts';

// The reader of a pipe may have seen enough, as in `preview FILE | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.done);
});

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** Signal 0 only asks; a process of another user answers EPERM. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Service managers wait ten seconds at least before they kill. */
const END_MS = 9_500;

const signal = interruptible(process);
// Whatever hangs by then is left: a collector may end at any point without loss.
endAtLatest(signal, END_MS, () => process.exit(exitCodes.interrupted));

const context: CommandContext = {
  env: process.env,
  cwd: process.cwd(),
  projectFolder: fileURLToPath(new URL('../../', import.meta.url)),
  stdout: process.stdout,
  stderr: process.stderr,
  signal,
  pid: process.pid,
  version: readVersion(),
  isRunning,
  readStdin: () => buffer(process.stdin),
};

process.exitCode = await runProgram(process.argv.slice(2), context);
