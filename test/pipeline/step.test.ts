import { describe, expect, it } from 'vitest';

import { compileRunner } from '../../src/pipeline/local/compile-runner.ts';
import { parseRecord } from '../../src/pipeline/parse-record.ts';
import { STEP_CASES, STEP_CONF } from './cases/steps.ts';
import { streamOf } from './sketches.ts';

describe('steps', () => {
  it.each(STEP_CASES)('$name', ({ fields, rules = [], record, t }) => {
    const run = compileRunner(streamOf(fields, { rules }));
    const { document } = run({ message: record, _conf: STEP_CONF }, new Date(0));
    expect(document.t).toEqual(t === undefined ? undefined : parseRecord(t));
  });
});
