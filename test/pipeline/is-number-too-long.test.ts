import { describe, expect, it } from 'vitest';

import { readDefinition } from '../../src/definition/read-definition.ts';
import { PARSE_TAG } from '../../src/pipeline/frame.ts';
import { isNumberTooLong, MAX_DIGITS } from '../../src/pipeline/is-number-too-long.ts';
import { engineOrSkip } from '../engines.ts';
import { openServerRunner } from './server-runner.ts';

/** Spellings with a run of digits, and how many digits Elasticsearch takes there. */
const LONGEST: readonly (readonly [string, (digits: string) => string, number])[] = [
  ['an integer', (digits) => digits, 1000],
  ['a negative integer', (digits) => `-${digits}`, 1000],
  ['a fraction', (digits) => `5.${digits}`, 999],
  ['a fraction below 1', (digits) => `0.${digits}`, 1000],
  ['a negative fraction below 1', (digits) => `-0.${digits}`, 1000],
  ['an exponent', (digits) => `5e${digits}`, 999],
  ['a signed exponent', (digits) => `5e-${digits}`, 999],
  ['an exponent of zero', (digits) => `0E+${digits}`, 1000],
  ['a fraction and an exponent', (digits) => `5.1e${digits}`, 998],
  ['a fraction below 1 and an exponent', (digits) => `0.1e${digits}`, 998],
  ['a fraction below 1 before an exponent', (digits) => `-0.${digits}e1`, 998],
  ['digits before a fraction', (digits) => `${digits}.0`, 999],
];
const { engine, describeEngine } = await engineOrSkip({ ingest: true });

describe.each(LONGEST)('isNumberTooLong for %s', (_name, spell, longest) => {
  it(`is false for ${longest} digits and true for one more`, () => {
    expect([longest, longest + 1].map((length) => isNumberTooLong(spell('1'.repeat(length))))).toEqual([false, true]);
  });
});

describeEngine('the json processor', () => {
  it(`refuses numbers of more than ${MAX_DIGITS} digits as counted here, and no others`, async () => {
    const numbers = LONGEST.flatMap(([, spell, longest]) => [longest, longest + 1].map((length) => spell('1'.repeat(length))));
    const stream = (await readDefinition('.')).streams.find(({ name }) => name === 'audit');
    const server = await openServerRunner(engine, `test-long-numbers-${process.pid}`, stream as NonNullable<typeof stream>);
    try {
      const stored = await server.run(numbers.map((number) => ({ message: `{"a":${number}}` })));
      expect(stored.map(({ document }) => JSON.stringify(document?.error ?? '').includes(PARSE_TAG))).toEqual(numbers.map(isNumberTooLong));
    } finally {
      await server.close();
    }
  });
});
