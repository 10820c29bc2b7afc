import { describe, expect, it } from 'vitest';
import { type Edit, fields, renderFaults, rules } from './tiny-definition.ts';

type Case = readonly [name: string, file: string, edits: readonly Edit[], faults: readonly string[]];

describe('checkFields', () => {
  it.each<Case>([
    [
      'refuses a name that stands twice',
      fields,
      [[fields, '- { name: related.ip', '- { name: event.kind, value: event }\n- { name: related.ip']],
      ['[13].name: event.kind is declared already / Remove one of the two.'],
    ],
    [
      'refuses what every stream gets anyway',
      fields,
      [[fields, '- { name: related.ip', '- { name: tags, from: Tags }\n- { name: related.ip']],
      ['[13].name: tags is added to every stream / Remove it.'],
    ],
    [
      'refuses a name that ECS does not have',
      fields,
      [
        [fields, 'user_agent.original, from', 'user_agent.orginal, from'],
        [fields, 'user_agent: user_agent.original', 'user_agent: user_agent.orginal'],
      ],
      ['[9].name: user_agent.orginal is no field of ECS / Did you mean user_agent.original? Our own fields stand below cloudflare.'],
    ],
    [
      'refuses a name of our own outside cloudflare',
      fields,
      [[fields, '- { name: related.ip', '- { name: acme.thing, type: keyword, description: Thing., from: Thing }\n- { name: related.ip']],
      ['[13].name: acme.thing is no field of ECS / Our own fields stand below cloudflare.'],
    ],
    [
      'refuses the type of an ECS field',
      fields,
      [[fields, 'name: event.kind,', 'name: event.kind, type: keyword,']],
      ['[2].type: event.kind is a field of ECS, which has its type / Remove type.'],
    ],
    [
      'refuses the description of an ECS field',
      fields,
      [[fields, 'name: event.kind,', 'name: event.kind, description: Kind.,']],
      ['[2].description: event.kind is a field of ECS, which has its description / Remove description.'],
    ],
    [
      'misses the type of our own field',
      fields,
      [[fields, 'type: keyword, description: Note., ', 'description: Note., ']],
      ['[12]: cloudflare.sample.note has no type / Add type: it is our own field.'],
    ],
    [
      'misses the description of our own field',
      fields,
      [[fields, 'description: Note., ', '']],
      ['[12]: cloudflare.sample.note has no description / Add description: it is our own field.'],
    ],
    [
      'refuses a condition on a field that is not declared',
      fields,
      [[fields, 'when: { cloudflare.sample.score', 'when: { cloudflare.sample.scor']],
      [
        '[12].when: the condition names cloudflare.sample.scor, which is not declared above / Did you mean cloudflare.sample.score? Declare it above this field.',
      ],
    ],
    [
      'refuses a condition on a field that is declared below',
      fields,
      [[fields, 'when: { cloudflare.sample.score: { at_least: 1 } }', 'when: { related.ip: { exists: true } }']],
      ['[12].when: the condition names related.ip, which is not declared above / Declare it above this field.'],
    ],
    [
      'refuses a condition on a value that ECS does not allow',
      fields,
      [[fields, 'when: { cloudflare.sample.score: { at_least: 1 } }', 'when: { event.outcome: failed }']],
      ['[12].when: event.outcome cannot be "failed" / Did you mean failure? ECS allows: failure, success, unknown.'],
    ],
    [
      'refuses a field below a field that holds a value',
      fields,
      [
        [fields, 'cloudflare.sample.note', 'cloudflare.sample.score.note'],
        [rules, 'cloudflare.sample.note', 'cloudflare.sample.score.note'],
      ],
      ['[12].name: cloudflare.sample.score.note stands below cloudflare.sample.score, which holds a value itself / Rename one of the two.'],
    ],
    [
      'refuses a field that an enrichment fills',
      fields,
      [[fields, '- { name: related.ip', '- { name: source.geo.city_name, from: City }\n- { name: related.ip']],
      ['[13].name: source.geo.city_name is filled by source.geo / Remove one of the two.'],
    ],
    [
      'misses the fields that every document needs',
      fields,
      [[fields, "- { name: '@timestamp', from: When }\n- { name: ecs.version, value: ecs }\n", '']],
      [': @timestamp is missing / Declare @timestamp: every document needs it.', ': ecs.version is missing / Declare ecs.version: every document needs it.'],
    ],
  ])('%s', async (_, file, edits, faults) => {
    expect(await renderFaults(file, ...edits)).toEqual(faults);
  });
});
