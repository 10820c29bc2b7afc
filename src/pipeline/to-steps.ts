import type { FieldDefinition, RuleDefinition, Scalar, StreamDefinition } from '../definition/definition.ts';
import { severities, severityFields } from '../definition/severity.ts';
import { placeDrops } from './place-drops.ts';
import type { DropStep, IdSource, Step } from './step.ts';

const LISTS: ReadonlySet<string> = new Set(['keywords', 'longs', 'scalars']);
const SCOPES = { account: 'account_id', zone: 'zone_id', user: 'user_id' } as const;

/**
 * The mapping of a stream as steps, in the order in which both backends take them: the id; values and constants in declared order, so that
 * a `when` sees the fields above it, and among them, as early as can be, what leaves the event out; collections; rules that set; rules that grade, the
 * most severe last; what Elasticsearch looks up.
 */
export function toSteps(stream: StreamDefinition): readonly Step[] {
  const toTag = tagger();
  const sources: readonly IdSource[] = stream.sources.map(({ name, scope, time, id }) => ({ name, scope: SCOPES[scope], time, tuple: id }));
  const lists = new Set(stream.fields.filter(isList).map(({ name }) => name));
  const made = stream.fields.flatMap((field) => toFieldStep(field, toTag));
  const rules = inOrder(stream.rules).map((rule): Step => {
    const set = Object.fromEntries(Object.entries(toSet(rule)).map(([field, value]) => [field, lists.has(field) ? asList(value) : value]));
    return { kind: 'rule', tag: toTag('rule', rule.name), name: rule.name, when: rule.when, set };
  });
  const drops = stream.drops.map(({ description: _, ...drop }): DropStep => ({ ...drop, kind: 'drop', tag: toTag('drop', drop.name) }));
  return [
    { kind: 'id', tag: toTag('id', 'document'), sources },
    ...placeDrops(
      made.filter(({ kind }) => ['convert', 'duration', 'group', 'listed', 'point', 'set', 'text'].includes(kind)),
      drops,
    ),
    ...made.filter(({ kind }) => kind === 'collect'),
    ...rules,
    ...made.filter(({ kind }) => kind === 'enrich'),
  ];
}

/** True where the field always holds a list: ECS demands one, or its origin makes one. */
export function isList({ array, origin }: FieldDefinition): boolean {
  return array || origin.kind === 'collect' || (origin.kind === 'record' && LISTS.has(origin.to));
}

function toFieldStep(field: FieldDefinition, toTag: (kind: string, name: string) => string): readonly Step[] {
  const { name, array, origin } = field;
  const base = { field: name, when: field.when };
  switch (origin.kind) {
    case 'record': {
      const { from, to, absent, values, cut } = origin;
      return [{ ...base, kind: 'convert', tag: toTag('convert', name), from, to, absent, values, cut, wrap: array && !LISTS.has(to) }];
    }
    case 'duration':
      return [{ ...base, kind: 'duration', tag: toTag('duration', name), start: origin.start, end: origin.end }];
    case 'point':
      return [{ ...base, kind: 'point', tag: toTag('point', name), lat: origin.lat, lon: origin.lon }];
    case 'text':
      return [{ ...base, kind: 'text', tag: toTag('text', name), parts: origin.parts }];
    case 'value':
      return [{ ...base, kind: 'set', tag: toTag('set', name), value: array ? asList(origin.value) : origin.value }];
    case 'collect':
      return [{ ...base, kind: 'collect', tag: toTag('collect', name), from: origin.collect }];
    case 'group':
      return [{ ...base, kind: 'group', tag: toTag('group', name), of: origin.of, groups: origin.groups }];
    case 'listed':
      return [{ ...base, kind: 'listed', tag: toTag('listed', name), of: origin.of, in: origin.in }];
    case 'enrich':
      return [{ ...base, kind: 'enrich', tag: toTag(origin.enrich, name), enrich: origin.enrich, from: origin.from }];
    default:
      return [];
  }
}

/** With the most severe last, the highest severity wins without a look at what another rule found. */
function inOrder(rules: readonly RuleDefinition[]): readonly RuleDefinition[] {
  const rank = ({ grade }: RuleDefinition): number => (grade === undefined ? 0 : severities[grade.severity]);
  return rules.toSorted((a, b) => rank(a) - rank(b));
}

function toSet({ set, grade }: RuleDefinition): RuleDefinition['set'] {
  if (grade === undefined) return set;
  const { number, name, reason } = severityFields;
  return { [number]: severities[grade.severity], [name]: grade.severity, [reason]: grade.reason };
}

function asList(value: Scalar | readonly Scalar[]): readonly Scalar[] {
  return Array.isArray(value) ? value : [value as Scalar];
}

function tagger(): (kind: string, name: string) => string {
  const taken = new Map<string, number>();
  return (kind, name) => {
    const tag = `${kind}_${name.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '')}`;
    const count = (taken.get(tag) ?? 0) + 1;
    taken.set(tag, count);
    return count === 1 ? tag : `${tag}_${count}`;
  };
}
