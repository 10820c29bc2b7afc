import { IntegrationError } from '../errors.ts';

/** What trying one thing showed. */
export interface Finding {
  readonly state: 'ok' | 'warn' | 'FAIL';
  /** What was tried. */
  readonly what: string;
  readonly detail?: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** The finding of an attempt that ended in an error; one that nobody foresaw is thrown on. */
export function toFailure(what: string, error: unknown): Finding {
  if (!(error instanceof IntegrationError) || error.code === 'INTERRUPTED') throw error;
  return { state: 'FAIL', what, detail: error.message, hint: error.hint };
}
