import { describe, expect, it } from 'vitest';
import { type Edit, readTiny, renderFaults, rules, stream } from './tiny-definition.ts';

const variable: Edit = [
  stream,
  'presets:',
  '  - { name: drop_notes, type: bool, title: Leave notes out, description: Leave notes out., default: true }\npresets:',
];
const written = '- name: notes\n  description: Notes.\n  drop: true\n  variable: drop_notes\n  when: { cloudflare.sample.note: ok }\n- name: low';
const declared: Edit = [rules, '- name: low', written];

type Case = readonly [name: string, file: string, edits: readonly Edit[], faults: readonly string[]];

describe('rules that leave events out', () => {
  it('are read apart from those that set fields, with the default of their variable', async () => {
    const [read] = (await readTiny(variable, declared)).streams;
    expect(read?.drops).toEqual([
      { name: 'notes', description: 'Notes.', when: { kind: 'equals', field: 'cloudflare.sample.note', value: 'ok' }, variable: 'drop_notes', byDefault: true },
    ]);
    expect(read?.rules.map(({ name }) => name)).toEqual(['request', 'low']);
  });

  it.each<Case>([
    [
      'need a variable and a description',
      rules,
      [declared, [rules, '  description: Notes.\n', ''], [rules, '  variable: drop_notes\n', '']],
      ['[1]: variable is missing / Add variable.', '[1]: description is missing / Add description.'],
    ],
    [
      'set nothing',
      rules,
      [variable, declared, [rules, '  variable: drop_notes\n', '  variable: drop_notes\n  set: { event.outcome: failure }\n']],
      ['[1].set: the key may not stand beside the others / Remove it.'],
    ],
    [
      'alone have a variable',
      rules,
      [[rules, '- name: low', '- name: low\n  variable: mode']],
      ['[1].variable: the key may not stand beside the others / Remove it.'],
    ],
    ['say true', rules, [variable, declared, [rules, 'drop: true', 'drop: false']], ['[1].drop: false must be equal to constant / Correct the value.']],
    [
      'have names of their own',
      rules,
      [variable, declared, [rules, 'name: notes', 'name: request']],
      ['[1].name: the rule request is declared already / Give each rule a name of its own.'],
    ],
    [
      'name declared fields',
      rules,
      [variable, declared, [rules, 'sample.note: ok', 'sample.notes: ok']],
      ['[1].when: the condition names cloudflare.sample.notes, which fields.yml does not declare / Did you mean cloudflare.sample.note? Declare the field.'],
    ],
    [
      'name fields that are made before',
      rules,
      [variable, declared, [rules, 'cloudflare.sample.note: ok', 'event.category: web']],
      [
        '[1].when: the condition names event.category, which is made only after events are left out / Name fields with from, value, between, point, text, groups or listed.',
      ],
    ],
    [
      'name a variable that is declared',
      rules,
      [variable, declared, [rules, 'variable: drop_notes', 'variable: drop_note']],
      ['[1].variable: the variable drop_note is not declared / Did you mean drop_notes? Declare it in stream.yml with type: bool and default: true.'],
    ],
    [
      'name a variable that is true or false',
      rules,
      [declared, [rules, 'variable: drop_notes', 'variable: mode']],
      ['[1].variable: the variable mode cannot switch a rule off / Give it type: bool and a default, and no for.'],
    ],
    [
      'name a variable that both programs know',
      rules,
      [variable, declared, [stream, 'default: true }', 'default: true, for: collector }']],
      ['[1].variable: the variable drop_notes cannot switch a rule off / Give it type: bool and a default, and no for.'],
    ],
  ])('%s', async (_, file, edits, faults) => {
    expect(await renderFaults(file, ...edits)).toEqual(faults);
  });
});

describe('a rule without a part', () => {
  it('sets something', async () => {
    expect(await renderFaults(rules, [rules, '  set: { event.category: [web], event.type: [access] }\n', ''])).toEqual([
      '[0]: the rule request does nothing / Write one of them: set, or severity and reason.',
    ]);
  });
});
