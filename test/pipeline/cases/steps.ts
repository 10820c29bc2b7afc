import type { StreamDefinition } from '../../../src/definition/definition.ts';
import { constant, converted, type FieldSketch } from '../sketches.ts';

/** What the sender knows of every record. */
export const STEP_CONF = { source: 'v1', account_id: '0a1b', critical: ['example.com', 5, 'münchen.EXAMPLE'] } as const;

/** What a step makes of a record: the JSON text of `t` in the document, or undefined for none. */
export interface StepCase {
  readonly name: string;
  readonly fields: readonly FieldSketch[];
  readonly rules?: StreamDefinition['rules'];
  readonly record: string;
  readonly t: string | undefined;
}

const absent = [converted('t.a', 'a', 'keyword', { absent: ['unknown', 0, false] })];
const absentInLists = [converted('t.a', 'a', 'keywords', { absent: ['none'] })];
const values = [converted('t.a', 'a', 'keyword', { values: { true: 'success', false: 'failure', '1': 2 } })];
const first = [converted('t.a', ['a', 'b.c', '_conf.account_id'], 'keyword', { absent: ['-'] })];
const before = [converted('t.a', 'a', 'keyword', { cut: { side: 'before', separator: '/' } })];
const after = [converted('t.a', 'a', 'keyword', { cut: { side: 'after', separator: '::' } })];
const duration: readonly FieldSketch[] = [{ name: 't.d', origin: { kind: 'duration', start: 'a', end: 'b' } }];
const point: readonly FieldSketch[] = [{ name: 't.p', origin: { kind: 'point', lat: 'a', lon: 'b.c' } }];
const textOf = (parts: readonly (readonly (readonly string[])[])[]): FieldSketch => {
  const toPiece = (piece: string) => (piece.startsWith('{') ? { field: piece.slice(1, -1) } : { literal: piece });
  return { name: 't.m', origin: { kind: 'text', parts: parts.map((phrases) => phrases.map((phrase) => phrase.map(toPiece))) } };
};
const text = [converted('t.a', 'a'), converted('t.b', 'b', 'long'), textOf([[['{t.a}'], ['somebody']], [[' did ', '{t.b}']], [['.']]])];
const collect: readonly FieldSketch[] = [
  { name: 't.all', origin: { kind: 'collect', collect: ['t.a', 't.b', 't.c'] } },
  converted('t.a', 'a'),
  converted('t.b', 'b', 'keywords'),
  converted('t.c', 'c', 'long'),
];
const sets: StreamDefinition['rules'] = [
  { name: 'first', when: { kind: 'exists', field: 't.a' }, set: { 't.r': 'first', 't.n': 1, 't.list': ['x', 'y'] } },
  { name: 'second', when: { kind: 'equals', field: 't.r', value: 'first' }, set: { 't.r': 'second' } },
];

const group: readonly FieldSketch[] = [
  converted('t.a', 'a', 'keywords'),
  converted('t.b', 'b'),
  converted('t.c', 'c'),
  {
    name: 't.g',
    origin: { kind: 'group', of: ['t.b', 't.c'], groups: { dns: ['dns', 'rec'], zero: ['access', 'gateway'], fire: ['access_rule', 'firewall'] } },
  },
];
const groupOfList: readonly FieldSketch[] = [
  converted('t.a', 'a', 'keywords'),
  { name: 't.g', origin: { kind: 'group', of: ['t.a'], groups: { dns: ['dns'] } } },
];
const listed: readonly FieldSketch[] = [
  converted('t.a', 'a', 'keywords'),
  converted('t.b', 'b'),
  { name: 't.l', origin: { kind: 'listed', of: ['t.a', 't.b'], in: 'critical' } },
];

/** The meaning of every step but conversions, which have a table of their own. */
export const STEP_CASES: readonly StepCase[] = [
  { name: 'absent: a text', fields: absent, record: '{"a":"unknown"}', t: undefined },
  { name: 'absent: a number by value', fields: absent, record: '{"a":0.0}', t: undefined },
  { name: 'absent: a number as text', fields: absent, record: '{"a":"0"}', t: undefined },
  { name: 'absent: a boolean', fields: absent, record: '{"a":false}', t: undefined },
  { name: 'absent: another value stays', fields: absent, record: '{"a":"Unknown"}', t: '{"a":"Unknown"}' },
  { name: 'absent: in a list', fields: absentInLists, record: '{"a":["x","none","y"]}', t: '{"a":["x","y"]}' },
  { name: 'absent: a whole list', fields: absentInLists, record: '{"a":["none"]}', t: undefined },
  { name: 'absent: a list of other things', fields: absentInLists, record: '{"a":[null,"none",1]}', t: '{"a":["1"]}' },
  { name: 'values: a boolean', fields: values, record: '{"a":true}', t: '{"a":"success"}' },
  { name: 'values: its text', fields: values, record: '{"a":"false"}', t: '{"a":"failure"}' },
  { name: 'values: a number by value', fields: values, record: '{"a":1.0}', t: '{"a":"2"}' },
  { name: 'values: another stays', fields: values, record: '{"a":"maybe"}', t: '{"a":"maybe"}' },
  { name: 'values: in a list', fields: [converted('t.a', 'a', 'keywords', { values: { x: 'y' } })], record: '{"a":["x",1]}', t: '{"a":["y","1"]}' },
  { name: 'values: no own property of objects', fields: values, record: '{"a":"constructor"}', t: '{"a":"constructor"}' },
  { name: 'from: the first', fields: first, record: '{"a":"1","b":{"c":"2"}}', t: '{"a":"1"}' },
  { name: 'from: absent, then the second', fields: first, record: '{"a":"-","b":{"c":"2"}}', t: '{"a":"2"}' },
  { name: 'from: empty, then the second', fields: first, record: '{"a":{},"b":{"c":"2"}}', t: '{"a":"2"}' },
  { name: 'from: the sender', fields: first, record: '{"a":"","b":"c"}', t: '{"a":"0a1b"}' },
  { name: 'from: a misfit wins', fields: first, record: '{"a":[1],"b":{"c":"2"}}', t: undefined },
  { name: 'from: through what is no object', fields: [converted('t.a', 'b.c.d')], record: '{"b":{"c":["d"]}}', t: undefined },
  { name: 'from: no inherited keys', fields: [converted('t.a', 'constructor.name')], record: '{"b":1}', t: undefined },
  { name: 'cut before', fields: before, record: '{"a":"HTTP/1.1/x"}', t: '{"a":"HTTP"}' },
  { name: 'cut before: none', fields: before, record: '{"a":"HTTP"}', t: '{"a":"HTTP"}' },
  { name: 'cut before: empty part', fields: before, record: '{"a":"/x"}', t: undefined },
  { name: 'cut before: no text', fields: before, record: '{"a":1.5}', t: '{"a":"1.5"}' },
  { name: 'cut after', fields: after, record: '{"a":"a::b::c"}', t: '{"a":"b::c"}' },
  { name: 'cut after: none', fields: after, record: '{"a":"abc"}', t: undefined },
  { name: 'cut after: empty part', fields: after, record: '{"a":"abc::"}', t: undefined },
  { name: 'duration', fields: duration, record: '{"a":1493227867123456789,"b":1493227867123456790}', t: '{"d":1}' },
  { name: 'duration: text', fields: duration, record: '{"a":"2017-04-26T17:31:07.000000001Z","b":"2017-04-26T19:31:08+02:00"}', t: '{"d":999999999}' },
  { name: 'duration: beyond 2^53', fields: duration, record: '{"a":0,"b":1493227867123456789}', t: '{"d":1493227867123456789}' },
  { name: 'duration: none', fields: duration, record: '{"a":1493227867,"b":1493227867}', t: '{"d":0}' },
  { name: 'duration: backwards', fields: duration, record: '{"a":1493227868,"b":1493227867}', t: undefined },
  { name: 'duration: backwards in the second', fields: duration, record: '{"a":1493227867123456790,"b":1493227867123456789}', t: undefined },
  { name: 'duration: no time', fields: duration, record: '{"a":"soon","b":1493227867}', t: undefined },
  { name: 'duration: missing', fields: duration, record: '{"b":1493227867}', t: undefined },
  { name: 'duration: no room in long', fields: duration, record: '{"a":"0001-01-01","b":"9999-12-31"}', t: undefined },
  { name: 'point', fields: point, record: '{"a":52.5,"b":{"c":-13}}', t: '{"p":{"lat":52.5,"lon":-13}}' },
  { name: 'point: text', fields: point, record: '{"a":"-90","b":{"c":"180.0"}}', t: '{"p":{"lat":-90,"lon":180}}' },
  { name: 'point: missing', fields: point, record: '{"a":"1.5"}', t: undefined },
  { name: 'point: empty', fields: point, record: '{"a":"","b":{"c":"1"}}', t: undefined },
  { name: 'point: no number', fields: point, record: '{"a":"north","b":{"c":1}}', t: undefined },
  { name: 'point: beyond the pole', fields: point, record: '{"a":90.1,"b":{"c":1}}', t: undefined },
  { name: 'point: beyond the date line', fields: point, record: '{"a":9,"b":{"c":-180.5}}', t: undefined },
  { name: 'text: the first phrase that is whole', fields: text, record: '{"a":"x","b":5}', t: '{"a":"x","b":5,"m":"x did 5."}' },
  { name: 'text: another phrase', fields: text, record: '{"b":5}', t: '{"b":5,"m":"somebody did 5."}' },
  { name: 'text: a part left out', fields: text, record: '{"a":"x"}', t: '{"a":"x","m":"x."}' },
  { name: 'text: a list is no text', fields: [converted('t.c', 'c', 'keywords'), textOf([['c {t.c}'.split(' ')]])], record: '{"c":["x"]}', t: '{"c":["x"]}' },
  { name: 'group: a whole value', fields: group, record: '{"b":"access_rule"}', t: '{"b":"access_rule","g":"fire"}' },
  { name: 'group: a word', fields: group, record: '{"b":"old access_rules"}', t: '{"b":"old access_rules","g":"zero"}' },
  { name: 'group: of two words the group declared first', fields: group, record: '{"b":"firewall-dns"}', t: '{"b":"firewall-dns","g":"dns"}' },
  { name: 'group: the next field', fields: group, record: '{"b":"update","c":"rec_add"}', t: '{"b":"update","c":"rec_add","g":"dns"}' },
  { name: 'group: the first field decides', fields: group, record: '{"b":"gateway","c":"dns"}', t: '{"b":"gateway","c":"dns","g":"zero"}' },
  { name: 'group: case matters', fields: group, record: '{"b":"DNS"}', t: '{"b":"DNS"}' },
  { name: 'group: no part of a word', fields: group, record: '{"b":"dnssec"}', t: '{"b":"dnssec"}' },
  { name: 'group: no inherited keys', fields: group, record: '{"b":"constructor"}', t: '{"b":"constructor"}' },
  { name: 'group: nothing', fields: group, record: '{}', t: undefined },
  { name: 'group: a long text has no words', fields: group, record: `{"b":"dns ${'x'.repeat(1000)}"}`, t: `{"b":"dns ${'x'.repeat(1000)}"}` },
  { name: 'group: a list is no text', fields: groupOfList, record: '{"a":["dns"]}', t: '{"a":["dns"]}' },
  { name: 'listed', fields: listed, record: '{"b":"example.com"}', t: '{"b":"example.com","l":true}' },
  { name: 'listed: in whatever case', fields: listed, record: '{"b":"MÜNCHEN.example"}', t: '{"b":"MÜNCHEN.example","l":true}' },
  { name: 'listed: not', fields: listed, record: '{"b":"www.example.com"}', t: '{"b":"www.example.com"}' },
  { name: 'listed: a number is no text', fields: listed, record: '{"b":5}', t: '{"b":"5"}' },
  { name: 'listed: a list is no text', fields: listed, record: '{"a":["example.com"]}', t: '{"a":["example.com"]}' },
  { name: 'listed: nothing', fields: listed, record: '{}', t: undefined },
  { name: 'collect: distinct', fields: collect, record: '{"a":"x","b":["y","x",""],"c":5}', t: '{"all":["x","y","5"],"a":"x","b":["y","x"],"c":5}' },
  { name: 'collect: nothing', fields: collect, record: '{}', t: undefined },
  {
    name: 'value: constants',
    fields: [constant('t.a', 'x'), constant('t.b', 5), constant('t.c', true), constant('t.d', ['x', 'y']), constant('t.e', 1.5)],
    record: '{}',
    t: '{"a":"x","b":5,"c":true,"d":["x","y"],"e":1.5}',
  },
  { name: 'value: large numbers', fields: [constant('t.a', 3_000_000_000), constant('t.b', 1e21)], record: '{}', t: '{"a":3000000000,"b":1e21}' },
  { name: 'array: a constant', fields: [{ ...constant('t.a', 'x'), array: true }], record: '{}', t: '{"a":["x"]}' },
  { name: 'array: a value', fields: [{ ...converted('t.a', 'a'), array: true }], record: '{"a":"x"}', t: '{"a":["x"]}' },
  { name: 'array: no value', fields: [{ ...converted('t.a', 'a'), array: true }], record: '{}', t: undefined },
  { name: 'array: a list', fields: [{ ...converted('t.a', 'a', 'keywords'), array: true }], record: '{"a":["x"]}', t: '{"a":["x"]}' },
  {
    name: 'when: holds',
    fields: [converted('t.a', 'a'), { ...converted('t.b', 'b'), when: { kind: 'equals', field: 't.a', value: 'x' } }],
    record: '{"a":"x","b":1}',
    t: '{"a":"x","b":"1"}',
  },
  {
    name: 'when: does not',
    fields: [converted('t.a', 'a'), { ...converted('t.b', 'b'), when: { kind: 'equals', field: 't.a', value: 'x' } }],
    record: '{"a":"y","b":1}',
    t: '{"a":"y"}',
  },
  {
    name: 'when: sees no field below',
    fields: [{ ...constant('t.b', 'b'), when: { kind: 'exists', field: 't.a' } }, converted('t.a', 'a')],
    record: '{"a":"y"}',
    t: '{"a":"y"}',
  },
  { name: 'rules: in order', fields: [converted('t.a', 'a')], rules: sets, record: '{"a":"y"}', t: '{"a":"y","r":"second","n":1,"list":["x","y"]}' },
  { name: 'rules: none holds', fields: [converted('t.a', 'a')], rules: sets, record: '{}', t: undefined },
  {
    name: 'rules: a list where ECS wants one',
    fields: [{ ...converted('t.r', 'r'), array: true }],
    rules: [{ name: 'x', when: { kind: 'not', condition: { kind: 'exists', field: 't.r' } }, set: { 't.r': 'x' } }],
    record: '{}',
    t: '{"r":["x"]}',
  },
  {
    name: 'names that differ only in punctuation',
    fields: [converted('t.a.b.c', 'a.b'), converted('t.a_b.c', 'a_b')],
    record: '{"a":{"b":1},"a_b":2}',
    t: '{"a":{"b":{"c":"1"}},"a_b":{"c":"2"}}',
  },
  { name: 'a parent that holds a text is replaced', fields: [converted('t.a.b', 'a')], record: '{"a":"x"}', t: '{"a":{"b":"x"}}' },
];
