import { describe, expect, it } from 'vitest';

import { compileRunner } from '../../src/pipeline/local/compile-runner.ts';
import { GRADE_CASES, GRADES } from './cases/grades.ts';

const run = compileRunner(GRADES);

describe('rules with a severity', () => {
  it.each(GRADE_CASES)('grade %s with the highest, among equals the later: %s', (message, number, name, field) => {
    const { event, cloudflare } = run({ message, _conf: {} }, new Date(0)).document;
    expect(event).toEqual(number === undefined ? {} : { severity: number });
    expect(cloudflare).toEqual(number === undefined ? undefined : { severity: { name, reason: `It has ${field}.` } });
  });
});
