import { describe, expect, it } from 'vitest';
import { type Edit, fields, renderFaults, rules } from './tiny-definition.ts';

type Case = readonly [name: string, file: string, edits: readonly Edit[], faults: readonly string[]];

const severityFields = `- { name: event.severity, by: rules }
- { name: cloudflare.severity.name, type: keyword, description: Name., by: rules }
- { name: cloudflare.severity.reason, type: keyword, description: Reason., by: rules }
`;
const graded = (severity: string): string => `- name: grade
  when: { event.kind: event }
  ${severity}
`;

describe('checkRules', () => {
  it.each<Case>([
    [
      'refuses a name that stands twice',
      rules,
      [[rules, 'name: low', 'name: request']],
      ['[1].name: the rule request is declared already / Give each rule a name of its own.'],
    ],
    [
      'refuses a condition on a field that is not declared',
      rules,
      [[rules, 'event.kind: event', 'event.kin: event']],
      ['[0].when: the condition names event.kin, which fields.yml does not declare / Did you mean event.kind? Declare the field.'],
    ],
    [
      'refuses a condition on a value that ECS does not allow',
      rules,
      [[rules, 'event.kind: event', 'event.kind: evnt']],
      ['[0].when: event.kind cannot be "evnt" / Did you mean event? ECS allows: alert, asset, enrichment, event, metric, state, pipeline_error, signal.'],
    ],
    [
      'refuses a condition on a list with a value that ECS does not allow',
      rules,
      [[rules, 'event.kind: event', 'event.kind: { in: [event, evnt] }']],
      ['[0].when: event.kind cannot be "evnt" / Did you mean event? ECS allows: alert, asset, enrichment, event, metric, state, pipeline_error, signal.'],
    ],
    [
      'refuses what is no regular expression',
      rules,
      [[rules, "'^ok'", "'^(ok'"]],
      ['[1].when: ^(ok is no pattern that both backends understand / Use literals, classes, groups, alternatives, quantifiers, ^ and $ only.'],
    ],
    [
      'refuses an empty range',
      rules,
      [[rules, '{ below: 30 }', '{ at_least: 30, below: 30 }']],
      ['[1].when: no number is at least 30 and below 30 / Make at_least less than below.'],
    ],
    [
      'refuses to set a field that is not declared',
      rules,
      [[rules, 'event.outcome: failure', 'event.outcom: failure']],
      ['[1].set.event.outcom: the rule sets event.outcom, which fields.yml does not declare / Did you mean event.outcome? Declare the field.'],
    ],
    [
      'refuses to set what ECS does not allow',
      rules,
      [[rules, 'event.outcome: failure', 'event.outcome: failed']],
      ['[1].set.event.outcome: event.outcome cannot be "failed" / Did you mean failure? ECS allows: failure, success, unknown.'],
    ],
    [
      'refuses to set a list where ECS has one value',
      rules,
      [[rules, 'event.outcome: failure', 'event.outcome: [failure]']],
      ['[1].set.event.outcome: event.outcome holds one value / Write one value.'],
    ],
    [
      'refuses to set one value where ECS demands a list',
      rules,
      [[rules, 'event.type: [access]', 'event.type: access']],
      ['[0].set.event.type: event.type holds a list / Write the value as list.'],
    ],
    [
      'refuses to set a value of another type',
      rules,
      [[rules, 'event.outcome: failure', 'cloudflare.sample.score: high']],
      ['[1].set.cloudflare.sample.score: "high" is no long for cloudflare.sample.score / Write a value of that type; quotes make a text.'],
    ],
    [
      'refuses a word that no text can have',
      rules,
      [[rules, '{ below: 30 }', '{ words: [ok, rec_add] }']],
      ['[1].when: "rec_add" is no word / Write ASCII letters and digits only.'],
    ],
    [
      'refuses a rule that does nothing',
      rules,
      [[rules, '  set: { event.category: [web, network], event.type: [denied], event.outcome: failure }\n', '']],
      ['[1]: the rule low does nothing / Write one of them: set, or severity and reason.'],
    ],
    [
      'refuses a rule that sets fields and has a severity',
      rules,
      [
        [rules, 'name: low', 'name: low\n  severity: low\n  reason: A low score.'],
        [fields, '- { name: event.outcome', `${severityFields}- { name: event.outcome`],
      ],
      ['[1]: the rule low sets fields and has a severity / Write one of them: set, or severity and reason.'],
    ],
    [
      'refuses a severity without the fields that it sets',
      rules,
      [[rules, '- name: request', `${graded('severity: high\n  reason: It is high.')}- name: request`]],
      [
        '[0].severity: a severity sets event.severity, which fields.yml does not leave to rules / Declare event.severity with by: rules.',
        '[0].severity: a severity sets cloudflare.severity.name, which fields.yml does not leave to rules / Declare cloudflare.severity.name with by: rules.',
        '[0].severity: a severity sets cloudflare.severity.reason, which fields.yml does not leave to rules / Declare cloudflare.severity.reason with by: rules.',
      ],
    ],
    [
      'refuses a severity without a reason',
      rules,
      [
        [rules, '- name: request', `${graded('severity: high')}- name: request`],
        [fields, '- { name: event.outcome', `${severityFields}- { name: event.outcome`],
      ],
      ['[0].severity: the rule grade has no reason / Add reason: one sentence for people.'],
    ],
    [
      'refuses a reason without a severity',
      rules,
      [[rules, 'name: low', 'name: low\n  reason: It is low.']],
      ['[1].reason: the rule low has a reason, but no severity / Add severity, or remove reason.'],
    ],
    [
      'refuses a severity that is none',
      rules,
      [[rules, '- name: request', `${graded('severity: hihg\n  reason: It is high.')}- name: request`]],
      ['[0].severity: "hihg" is not a value here / Did you mean high? Use one of: info, low, medium, high, critical.'],
    ],
    [
      'refuses to set what a severity sets',
      rules,
      [
        [rules, 'event.outcome: failure', 'event.severity: 21'],
        [rules, '- name: request', `${graded('severity: high\n  reason: It is high.')}- name: request`],
        [fields, '- { name: event.outcome', `${severityFields}- { name: event.outcome`],
      ],
      ['[2].set.event.severity: event.severity is what a severity sets / Write severity and reason instead.'],
    ],
  ])('%s', async (_, file, edits, faults) => {
    expect(await renderFaults(file, ...edits)).toEqual(faults);
  });
});
