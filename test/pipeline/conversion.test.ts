import { describe, expect, it } from 'vitest';

import type { Conversion } from '../../src/definition/definition.ts';
import { compareDocuments } from '../../src/pipeline/compare-documents.ts';
import { compileRunner } from '../../src/pipeline/local/compile-runner.ts';
import { parseRecord } from '../../src/pipeline/parse-record.ts';
import { childOf } from '../../src/pipeline/value.ts';
import { CONVERSION_CASES } from './cases/conversions.ts';
import { converted, streamOf } from './sketches.ts';

const now = new Date(0);

describe.each(Object.entries(CONVERSION_CASES))('to: %s', (to, cases) => {
  const run = compileRunner(streamOf([converted('t.x', 'v', to as Conversion)]));

  it.each(cases)('%s gives %s', (input, output) => {
    const { document } = run({ message: input === undefined ? '{}' : `{"v":${input}}` }, now);
    const expected = output === 'none' || output === 'misfit' ? undefined : parseRecord(output);
    expect(compareDocuments({ x: childOf(document.t, 'x') ?? null }, { x: expected ?? null })).toEqual([]);
    const errors = childOf(document.error, 'message');
    expect(errors).toEqual(
      output === 'misfit' ? [expect.stringMatching(new RegExp(`^t\\.x: (text|number|boolean|list|object) does not fit ${to}$`))] : undefined,
    );
  });
});
