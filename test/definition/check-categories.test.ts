import { describe, expect, it } from 'vitest';
import { type Edit, fields, renderFaults, rules } from './tiny-definition.ts';

type Case = readonly [name: string, file: string, edits: readonly Edit[], faults: readonly string[]];

describe('checkCategories', () => {
  it.each<Case>([
    [
      'refuses a type without a category',
      rules,
      [[rules, 'event.category: [web], ', '']],
      ['[0].set: the rule request sets event.type without event.category / Set both: which pairs ECS allows depends on both.'],
    ],
    [
      'refuses a category without a type',
      rules,
      [[rules, ', event.type: [access]', '']],
      ['[0].set: the rule request sets event.category without event.type / Set both: which pairs ECS allows depends on both.'],
    ],
    [
      'refuses a type that ECS does not expect with the category',
      rules,
      [[rules, '[web, network]', '[web]']],
      ['[1].set.event.type: the type denied does not go with web / Types that go with it: access, error, info. Or add a category.'],
    ],
    [
      'refuses a type that ECS does not expect with a constant category',
      rules,
      [
        [fields, 'event.category, by: rules', 'event.category, value: [web]'],
        [rules, 'event.category: [web], ', ''],
        [rules, 'event.category: [web, network], ', ''],
      ],
      ['[1].set.event.type: the type denied does not go with web / Types that go with it: access, error, info. Or add a category.'],
    ],
    [
      'refuses constants that do not go together',
      fields,
      [
        [fields, 'event.category, by: rules', 'event.category, value: [web]'],
        [fields, 'event.type, by: rules', 'event.type, value: [denied]'],
      ],
      ['[4].value: the type denied does not go with web / Types that go with it: access, error, info. Or add a category.'],
    ],
  ])('%s', async (_, file, edits, faults) => {
    expect(await renderFaults(file, ...edits)).toEqual(faults);
  });
});
