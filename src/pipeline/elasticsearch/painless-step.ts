import type { Conversion, TextPhrase } from '../../definition/definition.ts';
import type { GroupTable } from '../../definition/field-origin.ts';
import { fieldsOf } from '../condition.ts';
import type { ConvertStep, DropStep, IdStep, MappingStep, RuleStep, TextStep } from '../step.ts';
import { toText } from '../value.ts';
import { toPainless } from './painless-condition.ts';
import { quote, toLiteral } from './painless-text.ts';
import type { ScriptScope } from './script-scope.ts';
import type { Statement } from './statement.ts';

/** Names of the generated functions that convert. */
const CONVERTERS: Readonly<Record<Conversion, string>> = {
  keyword: 'keyword',
  keywords: 'keywords',
  last: 'lastOf',
  lowercase: 'lowercase',
  uppercase: 'uppercase',
  host: 'host',
  extension: 'extension',
  long: 'longValue',
  longs: 'longs',
  port: 'port',
  double: 'doubleValue',
  boolean: 'booleanValue',
  date: 'date',
  http_date: 'httpDate',
  ip: 'ip',
  object: 'object',
  scalar: 'scalar',
  scalars: 'scalars',
  json: 'json',
};

const NEVER_MISFIT: ReadonlySet<Conversion> = new Set(['extension', 'http_date', 'ip', 'json', 'object', 'port', 'scalar', 'scalars']);

/** One step of the mapping as Painless. */
export function toStatement(step: MappingStep | DropStep, scope: ScriptScope): Statement {
  const condition = step.when === undefined ? undefined : toPainless(step.when, scope);
  const reads = step.when === undefined ? [] : fieldsOf(step.when);
  const base = { before: [...scope.words.take(), ...scope.facts.take()], condition, reads };
  if (step.kind === 'drop') {
    const isOn = `conf.get(${quote(step.variable)}) ${step.byDefault ? '!= false' : '== true'}`;
    return { ...base, condition: `${isOn} && ${condition}`, guard: undefined, writes: [], lines: [`leaveOut(ctx, ${quote(step.name)});`], comment: step.name };
  }
  if (step.kind === 'rule') {
    const lines = toRuleLines(step, scope);
    return { ...base, guard: undefined, writes: Object.keys(step.set), lines, comment: step.name.replaceAll(/\s+/g, ' ') };
  }
  const lines = step.kind === 'text' ? toTextLines(step, scope) : [scope.put(step.field, toExpression(step, scope))];
  return { ...base, guard: step.kind === 'convert' ? toGuard(step, scope) : undefined, writes: [step.field], lines };
}

/** Several constants of one object are put at once, from a table; lists are not, for whoever changed one in a document would change the table. */
function toRuleLines({ set }: RuleStep, scope: ScriptScope): readonly string[] {
  const parentOf = (field: string): string => field.slice(0, Math.max(field.lastIndexOf('.'), 0));
  const texts = Object.entries(set).filter(([field, value]) => parentOf(field) !== '' && typeof value === 'string');
  return Object.entries(set).flatMap(([field, value]) => {
    const parent = parentOf(field);
    const siblings = typeof value === 'string' ? texts.filter(([name]) => parentOf(name) === parent) : [];
    if (siblings.length < 2) return [scope.put(field, toLiteral(value))];
    if (siblings[0]?.[0] !== field) return [];
    return [scope.putAll(parent, Object.fromEntries(siblings.map(([name, text]) => [name.slice(parent.length + 1), text])))];
  });
}

/** Where all that a field can be made from lies in one object of the record, there is nothing to do without that object. */
function toGuard({ from }: ConvertStep, scope: ScriptScope): string | undefined {
  const [parent, ...others] = new Set(from.map(scope.parentOf));
  return parent === undefined || others.length > 0 ? undefined : `!${parent}.isEmpty()`;
}

function toExpression(step: Exclude<MappingStep, RuleStep | TextStep>, scope: ScriptScope): string {
  if (step.kind === 'set') return toLiteral(step.value);
  if (step.kind === 'collect') return `collected(${toValues(step.from, scope)})`;
  if (step.kind === 'duration') return `duration(${scope.readRecord(step.start)}, ${scope.readRecord(step.end)})`;
  if (step.kind === 'point') return `point(${scope.readRecord(step.lat)}, ${scope.readRecord(step.lon)})`;
  if (step.kind === 'group') return `groupOf(${toValues(step.of, scope)}, ${scope.values(toGroupTables(step.groups))})`;
  if (step.kind === 'listed') return `listed(${toValues(step.of, scope)}, conf.get(${quote(step.in)}))`;
  const converter = CONVERTERS[step.to];
  const value = toSource(step, scope);
  const converted = NEVER_MISFIT.has(step.to) ? `${converter}(${value})` : `${converter}(${value}, ${quote(step.field)}, errors)`;
  return step.wrap ? `wrapped(${converted})` : converted;
}

function toValues(fields: readonly string[], scope: ScriptScope): string {
  return `new def[] {${fields.map(scope.read).join(', ')}}`;
}

/** Each group is one bit of a number, so that one pass over the words of a text finds them all; the lowest is the one declared first. */
function toGroupTables(groups: GroupTable): Readonly<Record<string, unknown>> {
  const marks = Object.values(groups).flatMap((texts, index) => texts.map((text) => [text, 2 ** index] as const));
  return { names: Object.keys(groups), marks: Object.fromEntries(marks) };
}

/** Each field is read once, and the text is put together at once. */
function toTextLines({ tag, field, parts }: TextStep, scope: ScriptScope): readonly string[] {
  const fields = [...new Set(parts.flat(2).flatMap((piece) => ('field' in piece ? [piece.field] : [])))];
  const names = new Map(fields.map((read, index) => [read, `${tag}_${index + 1}`]));
  return [
    ...[...names].map(([read, name]) => `String ${name} = piece(${scope.read(read)});`),
    scope.put(field, `filled(${parts.map((phrases) => toPart(phrases, names)).join(' + ') || quote('')})`),
  ];
}

/** The first phrase that has all its pieces; `names` are the variables of fields, null where a field has no text. */
function toPart(phrases: readonly TextPhrase[], names: ReadonlyMap<string, string>): string {
  const possible = phrases.filter((phrase) => !phrase.some((piece) => 'literal' in piece && piece.literal === ''));
  const choices = possible.map((phrase) => {
    const variables = new Set(phrase.flatMap((piece) => ('field' in piece ? [names.get(piece.field)] : [])));
    const text = phrase.map((piece) => ('field' in piece ? names.get(piece.field) : quote(piece.literal))).join(' + ') || quote('');
    return { test: [...variables].map((name) => `${name} != null`).join(' && '), text };
  });
  const sure = choices.findIndex(({ test }) => test === '');
  const unsure = sure < 0 ? choices : choices.slice(0, sure);
  return `(${unsure.map(({ test, text }) => `${test} ? ${text} : `).join('')}${choices[sure]?.text ?? quote('')})`;
}

function toSource({ from, absent, values, cut }: ConvertStep, scope: ScriptScope): string {
  const texts = absent.map((scalar) => toText(scalar) ?? '');
  const reads = from.map((path) => {
    const read = scope.readRecord(path);
    if (texts.length === 0) return read;
    return texts.length === 1 ? `withoutText(${read}, ${quote(texts[0] as string)})` : `without(${read}, ${scope.table(texts)})`;
  });
  const value = reads.reduceRight((other, read) => `firstOf(${read}, ${other})`);
  const replaced = Object.keys(values).length === 0 ? value : `replaced(${value}, ${scope.values(values)})`;
  return cut === undefined ? replaced : `${cut.side}(${replaced}, ${quote(cut.separator)})`;
}

/** The function `documentId(json, conf, raw)`: the id by the rule of the source that `_conf.source` names, else of the first. */
export function toIdFunction({ sources }: IdStep): string {
  const [first = { name: '', scope: '', time: undefined, tuple: [] }, ...others] = sources;
  const toCall = ({ name, scope, time, tuple }: typeof first): string => {
    const parts = [
      quote(`${Buffer.byteLength(name)}:${name}`),
      `conf.get(${quote(scope)})`,
      time === undefined ? 'null' : toRead(time),
      `new def[] {${tuple.map(toRead).join(', ')}}`,
    ];
    return `return idOf(${parts.join(', ')}, raw);`;
  };
  const branches = others.map((source) => `  if (${quote(source.name)}.equals(conf.get('source'))) { ${toCall(source)} }\n`);
  return `String documentId(Map json, Map conf, def raw) {\n${branches.join('')}  ${toCall(first)}\n}`;
}

function toRead(path: string): string {
  const [key = '', ...below] = path.split('.');
  return below.reduce((read, name) => `at(${read}, ${quote(name)})`, `json.get(${quote(key)})`);
}
