import { describe, expect, it } from 'vitest';

import { fieldsOf } from '../../src/pipeline/condition.ts';
import { compileCondition } from '../../src/pipeline/local/compile-condition.ts';
import { compileRunner } from '../../src/pipeline/local/compile-runner.ts';
import { CONDITION_CASES } from './cases/conditions.ts';
import { CONDITIONS } from './streams.ts';

describe('conditions', () => {
  const run = compileRunner({ ...CONDITIONS, rules: [] });

  it.each(CONDITION_CASES.map(([when, record, holds]) => [JSON.stringify(when), record, holds, when] as const))(
    '%s over %s: %s',
    (_name, record, holds, when) => {
      const { document } = run({ message: record, tags: ['forwarded'] }, new Date(0));
      expect(compileCondition(when)(document)).toBe(holds);
    },
  );

  it('name the fields they read, each once', () => {
    expect(
      fieldsOf({
        kind: 'and',
        conditions: [
          { kind: 'exists', field: 'a' },
          { kind: 'not', condition: { kind: 'equals', field: 'b', value: 1 } },
          { kind: 'or', conditions: [{ kind: 'exists', field: 'a' }] },
        ],
      }),
    ).toEqual(['a', 'b']);
  });
});
