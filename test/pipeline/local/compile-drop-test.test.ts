import { describe, expect, it } from 'vitest';
import { compileDropTest } from '../../../src/pipeline/local/compile-drop-test.ts';
import { compileRunner } from '../../../src/pipeline/local/compile-runner.ts';
import { isObject } from '../../../src/pipeline/value.ts';
import { DROP_CASES, DROPS } from '../drops.ts';

const now = new Date(0);

describe('what is left out', () => {
  const test = compileDropTest(DROPS) ?? (() => undefined);
  const run = compileRunner(DROPS);

  it.each(Object.entries(DROP_CASES).map(([name, [event, rule]]) => [name, event, rule] as const))('%s', (_name, event, rule) => {
    expect(run(event, now).dropped).toBe(rule);
    const { message, _conf: conf } = event;
    if (typeof message === 'string') expect(test(message, isObject(conf) ? conf : {})).toBe(rule);
  });

  it('is nothing where no rule says so', () => {
    expect(compileDropTest({ ...DROPS, drops: [] })).toBeUndefined();
    expect(compileRunner({ ...DROPS, drops: [] })({ message: '{"kind":"x"}' }, now).dropped).toBeUndefined();
  });
});
