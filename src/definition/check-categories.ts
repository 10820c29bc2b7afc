import type { FieldDeclaration, RuleDeclaration } from './declaration.ts';
import { findEcsField } from './ecs.ts';
import type { Report } from './report.ts';

const names = ['event.category', 'event.type'] as const;

/**
 * Category and type of an event always come from one place, a rule or constants, so that every pair can be checked here: each type must be one that
 * ECS expects with one of the categories.
 */
export function checkCategories({ name, set = {} }: RuleDeclaration, declared: ReadonlyMap<string, FieldDeclaration>, report: Report): void {
  if (names.every((field) => set[field] === undefined)) return;
  const [categories, types] = names.map((field) => toList(set[field] ?? declared.get(field)?.value));
  for (const [field, values] of [
    ['event.category', categories],
    ['event.type', types],
  ] as const) {
    const other = field === 'event.type' ? 'event.category' : 'event.type';
    if (values === undefined) report('set', `the rule ${name} sets ${other} without ${field}`, `Set both: which pairs ECS allows depends on both.`);
  }
  if (categories !== undefined && types !== undefined) checkPairs(categories, types, (message, hint) => report('set.event.type', message, hint));
}

/** The same for fields that are constants both. */
export function checkConstantCategories(fields: readonly FieldDeclaration[], report: Report): void {
  const [categories, types] = names.map((wanted) => toList(fields.find(({ name }) => name === wanted)?.value));
  const index = fields.findIndex(({ name }) => name === 'event.type');
  if (categories !== undefined && types !== undefined) checkPairs(categories, types, (message, hint) => report(`[${index}].value`, message, hint));
}

function toList(value: FieldDeclaration['value']): readonly string[] | undefined {
  return value === undefined ? undefined : [value].flat().map(String);
}

function checkPairs(categories: readonly string[], types: readonly string[], report: (message: string, hint: string) => void): void {
  const known = findEcsField('event.category')?.allowed_values ?? [];
  const expected = [...new Set(known.filter(({ name }) => categories.includes(name)).flatMap(({ expected_event_types = [] }) => expected_event_types))];
  for (const type of types) {
    if (!expected.includes(type)) {
      report(`the type ${type} does not go with ${categories.join(', ')}`, `Types that go with it: ${expected.join(', ') || 'none'}. Or add a category.`);
    }
  }
}
