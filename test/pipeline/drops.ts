import type { StreamDefinition } from '../../src/definition/definition.ts';
import type { Envelope } from '../../src/pipeline/local/compile-runner.ts';
import { converted, streamOf } from './sketches.ts';

const fields = [
  converted('t.late', 'late'),
  converted('t.kind', 'kind', 'lowercase'),
  { ...converted('t.guarded', 'secret'), when: { kind: 'equals', field: 't.kind', value: 'note' } as const },
  converted('t.after', 'after', 'long'),
];

/** A stream with two rules that leave events out, one of them off by default. */
export const DROPS: StreamDefinition = streamOf(fields, {
  rules: [{ name: 'always', when: { kind: 'exists', field: 't.kind' }, set: { 't.seen': true } }],
  drops: [
    { name: 'notes', description: '', variable: 'drop_notes', byDefault: true, when: { kind: 'not', condition: { kind: 'exists', field: 't.guarded' } } },
    { name: 'quiet', description: '', variable: 'drop_quiet', byDefault: false, when: { kind: 'in', field: 't.kind', values: ['quiet', 'note'] } },
  ],
});

const event = (record: string, conf: unknown = {}): Envelope => ({ message: record, _conf: conf, tags: ['forwarded'] });

/** Events of that stream, and the rule that leaves each out. */
export const DROP_CASES: Readonly<Record<string, readonly [event: Envelope, rule: string | undefined]>> = {
  'what the rule asks for': [event('{"id":1,"kind":"X"}'), 'notes'],
  'what it does not ask for': [event('{"id":2,"kind":"Note","secret":"s"}'), undefined],
  'a record that fits, though another field does not': [event('{"id":3,"kind":"x","after":"far"}'), 'notes'],
  'a rule that is switched off': [event('{"id":4,"kind":"x"}', { drop_notes: false }), undefined],
  'a rule that is switched on': [event('{"id":5,"kind":"Quiet"}', { drop_notes: false, drop_quiet: true }), 'quiet'],
  'two rules that hold: the first': [event('{"id":6,"kind":"quiet"}', { drop_quiet: true }), 'notes'],
  'a choice that is neither true nor false': [event('{"id":7,"kind":"quiet"}', { drop_notes: 'false', drop_quiet: 'true' }), 'notes'],
  'a choice that is null': [event('{"id":8,"kind":"quiet"}', { drop_notes: null }), 'notes'],
  'a sender that says what was dropped': [event('{"id":9,"kind":"note","secret":"s"}', { dropped: 'quiet' }), undefined],
  'no choice at all': [{ message: '{"id":10,"kind":"x"}', tags: [] }, 'notes'],
  'a _conf that is no object': [event('{"id":11,"kind":"x"}', 'off'), 'notes'],
  'an empty record': [event('{}'), 'notes'],
  'no JSON': [event('{"id":12'), undefined],
  'a list': [event('[1]'), undefined],
  'no record': [{ _conf: {}, tags: [] }, undefined],
};
