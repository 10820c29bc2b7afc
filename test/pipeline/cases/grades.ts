import type { StreamDefinition } from '../../../src/definition/definition.ts';
import type { RuleDefinition, SeverityName } from '../../../src/definition/rule-definition.ts';
import { converted, streamOf } from '../sketches.ts';

const graded = (name: string, field: string, severity: SeverityName): RuleDefinition => ({
  name,
  when: { kind: 'exists', field },
  set: {},
  grade: { severity, reason: `It has ${field}.` },
});

/** Rules that grade, in an order that is not that of their severities, around one that sets a field. */
export const GRADES: StreamDefinition = streamOf(
  ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => converted(`t.${name}`, name)),
  {
    rules: [
      graded('critical', 't.f', 'critical'),
      graded('by_what_was_set', 't.set', 'medium'),
      graded('first_high', 't.a', 'high'),
      { name: 'set', when: { kind: 'exists', field: 't.b' }, set: { 't.set': 'yes' } },
      graded('second_high', 't.c', 'high'),
      graded('low', 't.d', 'low'),
      graded('info', 't.e', 'info'),
    ],
  },
);

/** What a record is graded with: number, name and the field that its reason names; or nothing. */
export const GRADE_CASES: readonly (readonly [record: string, number?: number, name?: SeverityName, field?: string])[] = [
  ['{}'],
  ['{"e":1}', 10, 'info', 't.e'],
  ['{"d":1,"e":1}', 21, 'low', 't.d'],
  ['{"a":1}', 73, 'high', 't.a'],
  ['{"a":1,"d":1,"e":1}', 73, 'high', 't.a'],
  ['{"a":1,"c":1}', 73, 'high', 't.c'],
  ['{"b":1}', 47, 'medium', 't.set'],
  ['{"b":1,"c":1}', 73, 'high', 't.c'],
  ['{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}', 99, 'critical', 't.f'],
];
