import type { Condition, Conversion, FieldDefinition, FieldOrigin, Scalar, StreamDefinition } from '../../src/definition/definition.ts';

/** Fields by hand: what tests of the mapping language need of a declaration. */
export interface FieldSketch {
  readonly name: string;
  readonly origin: FieldOrigin;
  readonly array?: boolean;
  readonly when?: Condition;
}

/** A field that is converted from the record. */
export function converted(
  name: string,
  from: string | readonly string[],
  to: Conversion = 'keyword',
  more: Partial<Extract<FieldOrigin, { kind: 'record' }>> = {},
): FieldSketch {
  return { name, origin: { kind: 'record', from: [from].flat(), to, absent: [], values: {}, ...more } };
}

/** A field that is a constant. */
export function constant(name: string, value: Scalar | readonly Scalar[]): FieldSketch {
  return { name, origin: { kind: 'value', value } };
}

/** A stream with one source `v1` of an account, identified by `id` and dated by `when`, unless `more` says otherwise. */
export function streamOf(sketches: readonly FieldSketch[], more: Partial<StreamDefinition> = {}): StreamDefinition {
  const source = {
    name: 'v1',
    scope: 'account',
    permission: 'Account Settings Read',
    request: { method: 'GET', path: '/accounts/{account_id}/audit_logs', query: {} },
    window: { since: 'since', before: 'before', inclusive: 'both', maxMs: 86_400_000, retentionMs: 1, lagMs: 0, overlapMs: 0 },
    records: 'result',
    id: ['id'],
    time: 'when',
  } as const;
  const fields = sketches.map((sketch): FieldDefinition => ({ type: 'keyword', description: '', ecs: false, array: false, mapping: {}, ...sketch }));
  return { name: 'audit', title: 'Account audit logs', description: '', sources: [source], variables: [], presets: {}, fields, rules: [], drops: [], ...more };
}
