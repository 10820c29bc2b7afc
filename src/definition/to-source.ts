import type { SourceDeclaration, VariableDeclaration } from './declaration.ts';
import type { SourceDefinition } from './definition.ts';
import { parseDuration } from './duration.ts';
import { toRetention } from './retention.ts';
import { toMembers } from './to-members.ts';

/** The source as data; a duration that is none counts as 0 here and is a fault of the check. */
export function toSource(declaration: SourceDeclaration, variables: readonly VariableDeclaration[]): SourceDefinition {
  const { window } = declaration;
  return {
    name: declaration.name,
    scope: declaration.scope,
    permission: declaration.permission,
    request: { method: 'GET', path: declaration.request.replace(/^GET /, ''), query: declaration.query ?? {} },
    window: {
      since: window.since,
      before: window.before,
      inclusive: window.inclusive,
      maxMs: parseDuration(window.max) ?? 0,
      ...toRetention(window.retention, variables),
      ...(window.begins === undefined ? {} : { beginsMs: Date.parse(window.begins) }),
      lagMs: parseDuration(window.lag) ?? 0,
      overlapMs: parseDuration(window.overlap) ?? 0,
    },
    ...(declaration.page === undefined ? {} : { page: declaration.page }),
    records: declaration.records,
    id: declaration.id,
    time: declaration.time,
    ...(declaration.when === undefined ? {} : { when: declaration.when }),
    ...(declaration.continues === undefined ? {} : { continues: declaration.continues }),
    ...(declaration.members === undefined ? {} : { members: toMembers(declaration.members) }),
  };
}
