import type { Done } from '../package/install.ts';

/** One line for each thing that was done. */
export function renderDone(done: readonly Done[]): string {
  return done.map(({ act, kind, name, reason }) => `  ${act.padEnd(9)} ${kind} ${name}${reason === undefined ? '' : ` (${reason})`}`).join('\n');
}
