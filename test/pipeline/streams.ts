import type { Conversion, StreamDefinition } from '../../src/definition/definition.ts';
import { CONDITION_CASES } from './cases/conditions.ts';
import { CONVERSION_CASES } from './cases/conversions.ts';
import { STEP_CASES } from './cases/steps.ts';
import { constant, converted, streamOf } from './sketches.ts';

/** The audit stream as the first declarations have it. */
export const AUDIT: StreamDefinition = streamOf(
  [
    converted('@timestamp', 'when', 'date'),
    constant('ecs.version', '9.4.0'),
    converted('event.id', 'id'),
    constant('event.kind', 'event'),
    converted('event.action', 'action.type', 'lowercase'),
    converted('event.outcome', 'action.result', 'keyword', { values: { true: 'success', false: 'failure' } }),
    converted('user.id', 'actor.id'),
    converted('user.email', 'actor.email', 'lowercase'),
    converted('source.address', 'actor.ip'),
    converted('source.ip', 'actor.ip', 'ip'),
    { name: 'source.geo', origin: { kind: 'enrich', enrich: 'geo', from: 'source.ip' } },
    { name: 'source.as', origin: { kind: 'enrich', enrich: 'as', from: 'source.ip' } },
    converted('cloud.account.id', '_conf.account_id'),
    { name: 'related.ip', origin: { kind: 'collect', collect: ['source.ip'] }, array: true },
    { name: 'related.user', origin: { kind: 'collect', collect: ['user.id', 'user.email'] }, array: true },
    converted('cloudflare.audit.api', '_conf.source'),
    converted('cloudflare.audit.resource.type', 'resource.type'),
    converted('cloudflare.audit.metadata', 'metadata', 'object'),
    converted('cloudflare.audit.old_value', 'oldValueJson', 'object'),
    converted('cloudflare.audit.new_value', 'newValueJson', 'object'),
  ],
  {
    rules: [
      {
        name: 'login',
        when: { kind: 'equals', field: 'event.action', value: 'login' },
        set: { 'event.category': ['authentication'], 'event.type': ['start'] },
      },
      {
        name: 'creation',
        when: { kind: 'matches', field: 'event.action', pattern: '(^|_)(add|create)($|_)' },
        set: { 'event.category': ['configuration'], 'event.type': ['creation'] },
      },
    ],
  },
);

/** Every conversion of the value `v`, as `t.CONVERSION`. */
export const CONVERSIONS: StreamDefinition = streamOf((Object.keys(CONVERSION_CASES) as Conversion[]).map((to) => converted(`t.${to}`, 'v', to)));

/** Every condition of the table as a rule that sets `r.INDEX`. */
export const CONDITIONS: StreamDefinition = streamOf(
  [
    converted('t.k', 'k'),
    converted('t.l', 'l', 'long'),
    converted('t.d', 'd', 'double'),
    converted('t.b', 'b', 'boolean'),
    converted('t.ks', 'ks', 'keywords'),
    converted('t.o', 'o', 'object'),
  ],
  { rules: CONDITION_CASES.map(([when], index) => ({ name: `rule ${index}`, when, set: { [`r.${index}`]: true } })) },
);

/** The fields of every case of the table of steps, those of case N below `sN`. */
export const STEPS: StreamDefinition = streamOf(
  STEP_CASES.flatMap(({ fields }, index) => moved(fields, index)),
  { rules: STEP_CASES.flatMap(({ rules = [] }, index) => moved(rules, index)) },
);

/** Renames `t` to `sN` in every name of fields and rules. */
function moved<T>(what: T, index: number): T {
  return JSON.parse(JSON.stringify(what).replaceAll('"t.', `"s${index}.`)) as T;
}
