import type { CommandContext, TextStream } from './context.ts';
import { redact } from './log.ts';

/** The context with streams that show none of the secrets that a command names by `addSecrets`: whatever is written, also the stack of a bug. */
export function guardOutput(context: CommandContext): CommandContext {
  const secrets: string[] = [];
  const guard = (stream: TextStream): TextStream => ({ isTTY: stream.isTTY === true, write: (text) => stream.write(redact(text, secrets)) });
  return {
    ...context,
    stdout: guard(context.stdout),
    stderr: guard(context.stderr),
    addSecrets: (more) => void secrets.push(...more),
  };
}
