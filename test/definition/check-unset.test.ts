import { describe, expect, it } from 'vitest';
import { type Edit, fields, renderFaults, rules } from './tiny-definition.ts';

type Case = readonly [name: string, file: string, edits: readonly Edit[], faults: readonly string[]];

describe('checkUnset', () => {
  it.each<Case>([
    [
      'refuses a field that no rule sets',
      fields,
      [
        [fields, "name: event.outcome, from: ok, values: { 'true': success }", 'name: event.outcome, by: rules'],
        [rules, ', event.outcome: failure', ''],
      ],
      ['[5].by: no rule sets event.outcome / Add a rule to rules.yml, or say how else it is made.'],
    ],
  ])('%s', async (_, file, edits, faults) => {
    expect(await renderFaults(file, ...edits)).toEqual(faults);
  });
});
