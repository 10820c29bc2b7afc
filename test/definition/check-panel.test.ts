import { describe, expect, it } from 'vitest';
import { renderDashboardFaults } from './tiny-dashboard.ts';

type Case = readonly [name: string, replaced: readonly (readonly [from: string, to: string])[], faults: readonly string[]];

const numbers = 'long, integer, short, byte, unsigned_long, double, float, half_float, scaled_float';
const groups = [
  `    by:
      - label: Class
        groups:`,
  `    by:
      - label: Class
        size: 3
        groups:`,
] as const;

describe('checkPanel', () => {
  it.each<Case>([
    [
      'refuses a field that no stream of the dashboard declares',
      [['by: [{ field: source.ip, label: Address }]', 'by: [{ field: source.pi, label: Address }]']],
      [
        'panels[2].by[0].field: source.pi is no field that sample can be asked by / Did you mean source.ip? Declare it in fields.yml, with index and doc_values, or name another.',
      ],
    ],
    [
      'refuses top values of a date',
      [['by: [{ field: source.ip, label: Address }]', "by: [{ field: '@timestamp', label: Time }]"]],
      [
        `panels[2].by[0].field: @timestamp is of type date, which does not fit a list of top values / Take a field of type keyword, constant_keyword, wildcard, ip, boolean, ${numbers}.`,
      ],
    ],
    [
      'refuses an arithmetic of what is no number',
      [['kind: average, field: cloudflare.sample.score', 'kind: average, field: source.ip']],
      [`panels[1].measures[1].field: source.ip is of type ip, which does not fit an arithmetic / Take a field of type ${numbers}.`],
    ],
    [
      'refuses an undeclared column of the latest events',
      [['columns: [source.ip, ', 'columns: [source.port, ']],
      [
        'panels[6].columns[0]: source.port is no field that sample can be asked by / Did you mean source.ip? Declare it in fields.yml, with index and doc_values, or name another.',
      ],
    ],
    [
      'refuses a condition on an undeclared field',
      [['when: { event.outcome: success }', 'when: { event.action: success }']],
      [
        'panels[0].when: event.action is no field that sample can be asked by / Did you mean event.duration? Declare it in fields.yml, with index and doc_values, or name another.',
      ],
    ],
    [
      'refuses a value that ECS does not allow',
      [['when: { event.outcome: success }', 'when: { event.outcome: sucess }']],
      ['panels[0].when: event.outcome cannot be "sucess" / Did you mean success? ECS allows: failure, success, unknown.'],
    ],
    [
      'refuses a value of another type than the field',
      [['{ cloudflare.sample.score: { below: 30 } }', "{ cloudflare.sample.score: '30' }"]],
      ['panels[3].by[0].groups[0].when: cloudflare.sample.score is of type long and is never "30" / Write a number.'],
    ],
    [
      'refuses a range of what is no number',
      [['when: { source.ip: { exists: true } }', 'when: { source.ip: { below: 3 } }']],
      ['panels[6].when: source.ip is of type ip, which is no number / Use a value, in or exists.'],
    ],
    [
      'refuses conditions that Kibana cannot be asked for',
      [['when: { event.outcome: success }', 'when: { cloudflare.sample.note: { matches: ok, words: [ok] } }']],
      [
        'panels[0].when: Kibana cannot be asked where cloudflare.sample.note matches / Use a value, in, exists, at_least or below.',
        'panels[0].when: Kibana cannot be asked where cloudflare.sample.note has words / Use a value, in, exists, at_least or below.',
      ],
    ],
    [
      'refuses a panel without what its kind needs',
      [
        ['    question: How many?\n', ''],
        ['    columns: [source.ip, cloudflare.sample.note]\n', ''],
        ["    text: '**Read** this.'\n", ''],
        ['    by: [{ field: source.ip, label: Address }]\n', ''],
      ],
      [
        'panels[0]: question is missing: a panel of kind metric needs it / Add question.',
        'panels[2].by: a panel of kind bar has 1 to 2 by, not 0 / Add to by.',
        'panels[6]: columns is missing: a panel of kind events needs it / Add columns.',
        'panels[7]: text is missing: a panel of kind markdown needs it / Add text.',
      ],
    ],
    [
      'refuses what the kind has no use for',
      [
        ['    when: { event.outcome: success }', '    style: bars'],
        ["    text: '**Read** this.'", "    text: '**Read** this.'\n    when: { event.outcome: success }"],
      ],
      ['panels[0].style: a panel of kind metric has no style / Remove it.', 'panels[7].when: a panel of kind markdown has no when / Remove it.'],
    ],
    [
      'refuses several measures of a series that is broken down',
      [['    size: large\n', '    by: [{ field: source.ip, label: Address }]\n']],
      ['panels[1].measures: a series that is broken down has one measure / Leave one, or remove by.'],
    ],
    [
      'refuses a measure without its field, and a count with one',
      [
        ['{ kind: average, field: cloudflare.sample.score, label: Mean }', '{ kind: average, label: Mean }'],
        ['{ kind: max, field: ', '{ kind: count, field: '],
      ],
      ['panels[1].measures[1]: a measure of kind average needs a field / Add field.', 'panels[4].measures[1]: a count has no field / Remove field; use when.'],
    ],
    [
      'refuses a percentile without percent, and percent elsewhere',
      [
        ['kind: percentile, percent: 95,', 'kind: percentile,'],
        ['kind: average, ', 'kind: average, percent: 5, '],
      ],
      [
        'panels[1].measures[0]: a percentile needs percent / Write percent with kind percentile, and only there.',
        'panels[1].measures[1]: a measure of kind average has no percent / Write percent with kind percentile, and only there.',
      ],
    ],
    ['refuses a size of groups', [groups], ['panels[3].by[0].size: groups have no size / Remove it.']],
    [
      'refuses values from nowhere',
      [['by: [{ field: source.ip, label: Address }]', 'by: [{ label: Address }]']],
      ['panels[2].by[0]: values come from one of field and groups / Write either field or groups.'],
    ],
    [
      'refuses to rank top values by a newest value',
      [[', size: 5, order: name', '']],
      ['panels[4].measures[0]: top values cannot be ranked by a newest value / Put another measure first, or give each by order: name.'],
    ],
  ])('%s', async (_, replaced, faults) => {
    expect(await renderDashboardFaults(...replaced)).toEqual(faults);
  });
});
