import { describe, expect, it } from 'vitest';

import { toSteps } from '../../src/pipeline/to-steps.ts';
import { constant, converted, streamOf } from './sketches.ts';
import { AUDIT, CONDITIONS, CONVERSIONS, STEPS } from './streams.ts';

describe('toSteps', () => {
  it.each([AUDIT, CONDITIONS, CONVERSIONS, STEPS])('gives every step a tag of its own', (stream) => {
    const tags = toSteps(stream).map(({ tag }) => tag);
    expect(new Set(tags).size).toBe(tags.length);
    for (const tag of tags) expect(tag).toMatch(/^[a-z_]+_[A-Za-z0-9_]+$/);
  });

  it('tells names apart that differ only in punctuation', () => {
    const steps = toSteps(streamOf([constant('a.b', 1), constant('a_b', 2), converted('@timestamp', 'when', 'date')]));
    expect(steps.map(({ tag }) => tag)).toEqual(['id_document', 'set_a_b', 'set_a_b_2', 'convert_timestamp']);
  });

  it('takes values first, then collections, rules, look-ups', () => {
    const kinds = toSteps(
      streamOf(
        [
          { name: 'e', origin: { kind: 'enrich', enrich: 'geo', from: 'a' } },
          { name: 'c', origin: { kind: 'collect', collect: ['a'] } },
          constant('b', 1),
          { name: 'd', origin: { kind: 'duration', start: 'x', end: 'y' } },
          converted('a', 'a'),
          { name: 'z', origin: { kind: 'elsewhere' } },
        ],
        { rules: [{ name: 'r', when: { kind: 'exists', field: 'a' }, set: { z: 1 } }] },
      ),
    ).map(({ kind }) => kind);
    expect(kinds).toEqual(['id', 'set', 'duration', 'convert', 'collect', 'rule', 'enrich']);
  });

  it('is plain data', () => {
    const steps = toSteps(STEPS);
    expect(structuredClone(steps)).toEqual(steps);
  });
});
