import { describe, expect, it } from 'vitest';
import { checkMembers } from '../../src/definition/check-members.ts';
import type { SourceDeclaration, VariableDeclaration } from '../../src/definition/declaration.ts';

const source: SourceDeclaration = {
  name: 'v1',
  scope: 'account',
  permission: 'p',
  request: 'GET /accounts/{account_id}/audit_logs',
  window: { since: 'a', before: 'b', inclusive: 'both', max: '1h', retention: '7d', lag: '1m', overlap: '0s' },
  records: 'result',
  id: ['id'],
  time: 'when',
  members: { actor: { id: 'actor.id' } },
};
const variable: VariableDeclaration = { name: 'resolve_members', type: 'bool', title: 'Resolve', description: 'x', default: false, for: 'collector' };
const needed = 'Declare it with type: bool, default: false, for: collector.';

describe('checkMembers', () => {
  it.each<readonly [string, readonly SourceDeclaration[], readonly VariableDeclaration[], readonly string[]]>([
    ['takes an account with its switch', [source], [variable], []],
    ['needs no switch where nobody is looked up', [{ ...source, members: undefined } as unknown as SourceDeclaration], [], []],
    [
      'refuses members of a zone',
      [{ ...source, scope: 'zone' }],
      [variable],
      ['sources[0].members: a source of scope zone has no members list / Remove members: only accounts have members.'],
    ],
    ['misses the switch', [source], [], [`variables: the variable resolve_members is missing: members of v1 needs it / ${needed}`]],
    [
      'refuses a switch that is on by default',
      [source],
      [{ ...variable, default: true }],
      [`variables: the variable resolve_members is no switch of the collector that is off by default: members of v1 needs it / ${needed}`],
    ],
    [
      'refuses a switch of the agent',
      [source],
      [{ ...variable, for: 'both' }],
      [`variables: the variable resolve_members is no switch of the collector that is off by default: members of v1 needs it / ${needed}`],
    ],
  ])('%s', (_what, sources, variables, expected) => {
    const faults: string[] = [];
    checkMembers(sources, variables, (path, message, hint) => faults.push(`${path}: ${message} / ${hint}`));
    expect(faults).toEqual(expected);
  });
});
