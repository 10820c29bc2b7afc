import type { SourceDeclaration, VariableDeclaration } from './declaration.ts';
import { below, type Report } from './report.ts';

/** Name of the variable that lets persons be looked up. */
export const RESOLVE_MEMBERS = 'resolve_members';

/** What `members` of sources mean: only an account has members, and a variable of the collector switches the look-up on. */
export function checkMembers(sources: readonly SourceDeclaration[], variables: readonly VariableDeclaration[], report: Report): void {
  const resolved = sources.filter(({ members }) => members !== undefined);
  for (const [index, { members, scope }] of sources.entries()) {
    if (members === undefined || scope === 'account') continue;
    below(report, `sources[${index}]`)('members', `a source of scope ${scope} has no members list`, 'Remove members: only accounts have members.');
  }
  const variable = variables.find(({ name }) => name === RESOLVE_MEMBERS);
  if (resolved.length === 0 || (variable?.type === 'bool' && variable.for === 'collector' && variable.default === false)) return;
  const wrong = variable === undefined ? 'is missing' : 'is no switch of the collector that is off by default';
  const names = resolved.map(({ name }) => name).join(', ');
  report('variables', `the variable ${RESOLVE_MEMBERS} ${wrong}: members of ${names} needs it`, 'Declare it with type: bool, default: false, for: collector.');
}
