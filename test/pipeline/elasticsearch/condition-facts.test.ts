import { describe, expect, it } from 'vitest';

import type { Condition } from '../../../src/definition/definition.ts';
import { openConditionFacts } from '../../../src/pipeline/elasticsearch/condition-facts.ts';
import type { Step } from '../../../src/pipeline/step.ts';

const equals = (field: string): Condition => ({ kind: 'equals', field, value: 'x' });
const either: Condition = { kind: 'or', conditions: [equals('a.b'), equals('c')] };
const both = (field: string): Condition => ({ kind: 'and', conditions: [equals(field), either] });
const rule = (when: Condition): Step => ({ kind: 'rule', tag: 'rule_x', name: 'x', when, set: {} });

describe('condition facts', () => {
  it('find out once what several conditions share', () => {
    const facts = openConditionFacts([rule(both('d')), rule(both('e'))]);
    expect(facts.test(either, () => 'first')).toBe('facts[0]');
    expect(facts.take()).toEqual(['facts[0] = first;']);
    expect(facts.test(either, () => 'second')).toBe('facts[0]');
    expect(facts.take()).toEqual([]);
    expect(facts.count()).toBe(1);
  });

  it('leave what stands in one condition only, what is cheap, and the parts of what is shared', () => {
    const facts = openConditionFacts([rule(both('d')), rule(both('d')), rule(both('e'))]);
    expect(facts.test(both('d'), () => 'own')).toBe('own');
    expect(facts.test(equals('a.b'), () => 'own')).toBe('own');
    expect(openConditionFacts([rule(both('d')), rule(both('d'))]).test(either, () => 'own')).toBe('own');
    expect(facts.count()).toBe(0);
  });

  it('look anew after a field was written that they read', () => {
    const facts = openConditionFacts([rule(both('d')), rule(either)]);
    facts.test(either, () => 'first');
    facts.forget('c.d.e');
    expect(facts.test(either, () => 'second')).toBe('facts[1]');
    facts.forget('f');
    expect(facts.test(either, () => 'third')).toBe('facts[1]');
    facts.forget('a');
    expect(facts.test(either, () => 'fourth')).toBe('facts[2]');
    expect(facts.take()).toEqual(['facts[0] = first;', 'facts[1] = second;', 'facts[2] = fourth;']);
  });
});
