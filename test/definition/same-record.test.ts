import { describe, expect, it } from 'vitest';
import { type Edit, fields, listFaults, readTiny, rules, stream } from './tiny-definition.ts';

const second = 'data_stream/second/stream.yml';
const secondFields = 'data_stream/second/fields.yml';
const secondRules = 'data_stream/second/rules.yml';

const declared = (other: string): Edit => [
  second,
  '',
  `
title: Second
description: The same samples of a user.
same_record_as: ${other}
sources:
  - name: v1
    scope: user
    permission: Logs Read
    request: GET /user/samples
    window: { since: start, before: end, inclusive: since, max: 1h, retention: 7d, lag: 5m, overlap: 0s }
    records: result
    id: [RayID]
    time: When
variables:
  - { name: interval, type: duration, title: Interval, description: Time between polls., default: 5m }
  - { name: initial_interval, type: duration, title: Initial interval, description: How far back., default: 24h }
`,
];

const renderAll = async (...edits: readonly Edit[]) =>
  (await listFaults(...edits)).map(({ file, path, message, hint }) => `${file} ${path}: ${message} / ${hint}`);

describe('same_record_as', () => {
  it('takes fields and rules of the other stream, in their order', async () => {
    const [sample, other] = (await readTiny(declared('sample'))).streams;
    expect(other).toMatchObject({ name: 'second', sameRecordAs: 'sample' });
    expect(other?.fields).toEqual(sample?.fields);
    expect(other?.rules).toEqual(sample?.rules);
    expect(sample?.sameRecordAs).toBeUndefined();
  });

  it('replaces what has the same name in its place, and adds the rest behind', async () => {
    const [sample, other] = (
      await readTiny(
        declared('sample'),
        [secondFields, '', '- { name: user.name, from: User }\n- { name: cloudflare.sample.note, type: keyword, description: Note., from: Remark }\n'],
        [secondRules, '', '- { name: low, when: { user.name: { exists: true } }, set: { event.category: [iam], event.type: [user] } }\n'],
      )
    ).streams;
    const names = sample?.fields.map(({ name }) => name) ?? [];
    expect(other?.fields.map(({ name }) => name)).toEqual([...names, 'user.name']);
    expect(other?.fields.find(({ name }) => name === 'cloudflare.sample.note')?.origin).toMatchObject({ from: ['Remark'] });
    expect(other?.rules.map(({ name }) => name)).toEqual(['request', 'low']);
    expect(other?.rules[1]?.set).toEqual({ 'event.category': ['iam'], 'event.type': ['user'] });
  });

  it.each<[name: string, faults: readonly string[], edits: readonly Edit[]]>([
    [
      'a stream that does not exist',
      [`${second} same_record_as: sampel is no other data stream / Did you mean sample? Other data streams: sample.`],
      [declared('sampel')],
    ],
    ['itself', [`${second} same_record_as: second is no other data stream / Other data streams: sample.`], [declared('second')]],
    [
      'a stream that takes its own from another one',
      ['data_stream/third/stream.yml same_record_as: second takes its record from sample itself / Name sample.'],
      [declared('sample'), ['data_stream/third/stream.yml', '', declared('second')[2]]],
    ],
    [
      'fields of which one stands twice',
      [`${secondFields} [1].name: user.name is declared already / Remove one of the two.`],
      [declared('sample'), [secondFields, '', '- { name: user.name, from: User }\n- { name: user.name, from: Name }\n']],
    ],
    [
      'a replacement that stands twice',
      [`${secondFields} [1].name: source.ip is declared already / Remove one of the two.`],
      [declared('sample'), [secondFields, '', '- { name: source.ip, from: A }\n- { name: source.ip, from: B }\n']],
    ],
    [
      'a rule that goes wrong there',
      [`${secondRules} [0].set.user.nmae: the rule sets user.nmae, which fields.yml does not declare / Declare the field.`],
      [declared('sample'), [secondRules, '', '- { name: own, when: { event.kind: event }, set: { user.nmae: x } }\n']],
    ],
  ])('refuses %s', async (_name, faults, edits) => {
    expect(await renderAll(...edits)).toEqual(faults);
  });

  it('reports a fault of the shared files once', async () => {
    const faults = await renderAll(declared('sample'), [fields, 'name: source.ip', 'name: source.ipp'], [rules, 'event.kind: event', 'event.kid: event']);
    expect(new Set(faults).size).toBe(faults.length);
    expect(faults.filter((fault) => fault.startsWith(`${fields} [7].name: source.ipp is no field of ECS`))).toHaveLength(1);
    expect(faults.filter((fault) => fault.startsWith(rules))).toHaveLength(1);
    expect(faults.filter((fault) => fault.startsWith('data_stream/second'))).toEqual([]);
  });

  it('says nothing of the other stream where that cannot be read', async () => {
    expect(await renderAll(declared('sample'), [fields, '', 'not: a list'], [stream, 'max: 1h', 'max: 2h'])).toEqual([expect.stringContaining(`${fields} `)]);
  });
});
