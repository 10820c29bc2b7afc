import { IntegrationError } from '../errors.ts';

/** The message of an expected error; one that nobody foresaw shows its stack. */
export function messageOf(error: unknown): string {
  if (error instanceof IntegrationError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
