import { describe, expect, it } from 'vitest';
import { type Edit, fields, renderFaults, stream } from './tiny-definition.ts';

type Case = readonly [name: string, file: string, edits: readonly Edit[], faults: readonly string[]];

const listed = (variable: string): string =>
  `- { name: cloudflare.sample.listed, type: boolean, description: Listed., listed: { of: [cloudflare.sample.note], in: ${variable} } }\n`;

describe('checkStream', () => {
  it.each<Case>([
    [
      'refuses a source name that stands twice',
      stream,
      [
        [
          stream,
          'variables:',
          "  - { name: v1, scope: zone, permission: p, request: 'GET /{zone_id}', window: { since: a, before: b, inclusive: both, max: 1h, retention: 7d, lag: 1m, overlap: 0s }, records: result, id: [a], time: b }\nvariables:",
        ],
      ],
      ['sources[1].name: the source v1 is declared already / Give each source a name of its own.'],
    ],
    [
      'misses the interval',
      stream,
      [[stream, 'name: interval', 'name: intervall']],
      ['variables: the variable interval is missing: the source v1 needs it / Declare interval.'],
    ],
    [
      'misses the variable of the scope',
      stream,
      [[stream, 'name: zone_id', 'name: zone']],
      ['variables: the variable zone_id is missing: the source v1 of scope zone needs it / Declare zone_id.'],
    ],
    [
      'misses the variable of the placeholder',
      stream,
      [[stream, 'name: fields', 'name: choice']],
      ['variables: the variable fields is missing: ${fields} of the source v1 needs it / Declare fields.'],
    ],
    [
      'misses the variable that a field looks in',
      stream,
      [[fields, '- { name: related.ip', `${listed('critical_ids')}- { name: related.ip`]],
      ['variables: the variable critical_ids is missing: cloudflare.sample.listed looks in it / Declare critical_ids with type: text and multi: true.'],
    ],
    [
      'refuses a variable without a list, where a field looks in it',
      stream,
      [[fields, '- { name: related.ip', `${listed('mode')}- { name: related.ip`]],
      ['variables: mode is no list of texts, but cloudflare.sample.listed looks in it / Declare mode with type: text and multi: true.'],
    ],
    [
      'refuses presets that nobody can choose',
      stream,
      [[stream, 'type: fields', 'type: text']],
      ['presets: there are presets, but no variable of type fields / Declare the variable fields, or remove presets.'],
    ],
    [
      'refuses a default that is no preset',
      stream,
      [[stream, 'default: standard', 'default: standart']],
      ['variables: the default of fields is standart, which is no preset / Did you mean standard? Presets: standard.'],
    ],
    [
      'refuses a name that stands twice in a preset',
      stream,
      [[stream, '[RayID, When, ClientIP]', '[RayID, When, ClientIP, RayID]']],
      ['presets.standard[3]: RayID stands twice in the preset / Remove one of the two.'],
    ],
    [
      'refuses a name in a preset that no field is made from',
      stream,
      [[stream, '[RayID, When, ClientIP]', '[RayID, When, ClientIPs]']],
      [
        'presets.standard[2]: ClientIPs is asked for, but no field is made from it / Did you mean ClientIP? Declare a field with from: ClientIPs, or remove it.',
      ],
    ],
    [
      'refuses a choice by what is no select',
      stream,
      [[stream, '    time: When', '    time: When\n    when: { mod: [fast] }']],
      ['sources[0].when: mod is no variable of type select / Did you mean mode? Declare it, or remove when.'],
    ],
    [
      'refuses a choice by what is no option',
      stream,
      [[stream, '    time: When', '    time: When\n    when: { mode: [fast, slow, slwo] }']],
      ['sources[0].when.mode: slwo is no option of mode / Did you mean slow? Options: fast, slow.'],
    ],
    [
      'refuses an option with which nothing is read',
      stream,
      [[stream, '    time: When', '    time: When\n    when: { mode: [fast] }']],
      ['variables: with mode: slow no source is read / Name slow in the when of a source, or remove it.'],
    ],
    [
      'refuses to continue what is no other source',
      stream,
      [[stream, '    time: When', '    time: When\n    continues: v1']],
      ['sources[0].continues: v1 is no other source / Other sources: none.'],
    ],
    [
      'refuses to continue a source of another scope',
      stream,
      [
        [
          stream,
          'variables:',
          "  - { name: v2, scope: account, permission: p, request: 'GET /{account_id}', window: { since: a, before: b, inclusive: both, max: 1h, retention: 7d, lag: 1m, overlap: 0s }, records: result, id: [a], time: b , continues: v1}\nvariables:",
        ],
        [stream, '  - { name: zone_id', '  - { name: account_id, type: id, title: A, description: A., multi: true }\n  - { name: zone_id'],
      ],
      ['sources[1].continues: v1 is of scope zone, this one of account / Name a source of the same scope.'],
    ],
  ])('%s', async (_, file, edits, faults) => {
    expect(await renderFaults(file, ...edits)).toEqual(faults);
  });
});
