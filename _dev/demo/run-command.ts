import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A command that ended with something else than 0; its own words have been shown. */
export class CommandFailure extends Error {}

interface RunOptions {
  readonly signal: AbortSignal;
  /** Takes each line of the log, as a sentence. */
  readonly onLog?: (line: string) => void;
}

const program = fileURLToPath(new URL('../../src/cli/bin.js', import.meta.url));

/** The standard output of `cloudflare-integration ARGS`, run as a user would: another process, in this one's process group. */
export async function runCommand(args: readonly string[], { signal, onLog = (line) => console.error(line) }: RunOptions): Promise<string> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], signal, killSignal: 'SIGTERM' });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  createInterface({ input: child.stderr }).on('line', (line) => onLog(toSentence(line)));
  const code = await ended;
  if (code !== 0) throw new CommandFailure(`cloudflare-integration ${args.join(' ')} ended with ${code}`);
  return output;
}

function toSentence(line: string): string {
  if (!line.startsWith('{')) return line;
  const { message } = JSON.parse(line) as { readonly message?: string };
  return message ?? line;
}
