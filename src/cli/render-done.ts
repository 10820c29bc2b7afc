/** One thing that was done. */
interface Step {
  readonly act: string;
  readonly kind: string;
  readonly name: string;
  readonly reason?: string;
}

/** One line for each thing that was done. */
export function renderDone(done: readonly Step[]): string {
  const width = Math.max(9, ...done.map(({ act }) => act.length));
  return done.map(({ act, kind, name, reason }) => `  ${act.padEnd(width)} ${kind} ${name}${reason === undefined ? '' : ` (${reason})`}`).join('\n');
}
