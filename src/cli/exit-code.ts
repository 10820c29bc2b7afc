import { IntegrationError, InterruptedError } from '../errors.ts';

/** What the exit codes of every command mean; tools rely on them. */
export const exitCodes = { done: 0, failed: 1, fixInput: 2, interrupted: 130 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Errors that end a command before it could start anything are for the person to fix. */
export function toExitCode(error: unknown): ExitCode {
  if (error instanceof InterruptedError) return exitCodes.interrupted;
  if (error instanceof IntegrationError) return exitCodes.fixInput;
  return exitCodes.failed;
}
