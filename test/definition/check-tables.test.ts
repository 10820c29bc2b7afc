import { describe, expect, it } from 'vitest';
import { type Edit, fields, readTiny, renderFaults, stream } from './tiny-definition.ts';

type Case = readonly [name: string, declared: string, faults: readonly string[]];

const toEdit = (declared: string): Edit => [
  fields,
  '- { name: related.ip',
  `- { name: cloudflare.sample.made, description: Made., ${declared} }\n- { name: related.ip`,
];

describe('checkTables', () => {
  it.each<Case>([
    [
      'refuses groups in what is no keyword',
      'type: long, groups: { of: [cloudflare.sample.note], words: { a: [b] } }',
      ['[13].groups: cloudflare.sample.made is long, but a group needs keyword / Give it the type keyword.'],
    ],
    [
      'refuses a text of two groups',
      'type: keyword, groups: { of: [cloudflare.sample.note], words: { a: [x], b: [y, x] } }',
      ['[13].groups.words.b: x belongs to a already / Remove one of the two.'],
    ],
    [
      'refuses a field that is declared below',
      'type: keyword, groups: { of: [related.ip], words: { a: [x] } }',
      ['[13].groups.of: related.ip is declared below / Move it above this field.'],
    ],
    [
      'refuses more groups than a number has bits for',
      `type: keyword, groups: { of: [cloudflare.sample.note], words: { ${Array.from({ length: 53 }, (_, index) => `g${index}: [w${index}]`).join(', ')} } }`,
      ['[13].groups.words: 53 groups are more than the 52 that there can be / Merge some of them.'],
    ],
    [
      'refuses a list of what is no boolean',
      'type: keyword, listed: { of: [cloudflare.sample.note], in: critical }',
      ['[13].listed: cloudflare.sample.made is keyword, but listed needs boolean / Give it the type boolean.'],
    ],
  ])('%s', async (_, declared, faults) => {
    const variable: Edit = [stream, 'variables:', 'variables:\n  - { name: critical, type: text, title: Critical, description: Critical ones., multi: true }'];
    expect(await renderFaults(fields, toEdit(declared), variable)).toEqual(faults);
  });

  it('takes a table as it stands', async () => {
    const { streams } = await readTiny(toEdit('type: keyword, groups: { of: [cloudflare.sample.note], words: { a: [x, y_z], b: [w] } }'));
    expect(streams[0]?.fields.find(({ name }) => name === 'cloudflare.sample.made')?.origin).toEqual({
      kind: 'group',
      of: ['cloudflare.sample.note'],
      groups: { a: ['x', 'y_z'], b: ['w'] },
    });
  });
});
