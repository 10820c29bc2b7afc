import type { Conversion, TextPhrase } from '../../definition/definition.ts';
import { fieldsOf } from '../condition.ts';
import type { ConvertStep, IdStep, MappingStep, RuleStep, TextStep } from '../step.ts';
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
};

const NEVER_MISFIT: ReadonlySet<Conversion> = new Set(['extension', 'http_date', 'ip', 'object', 'port', 'scalar', 'scalars']);

/** One step of the mapping as Painless. */
export function toStatement(step: MappingStep, scope: ScriptScope): Statement {
  const condition = step.when === undefined ? undefined : toPainless(step.when, scope);
  const reads = step.when === undefined ? [] : fieldsOf(step.when);
  const base = { before: scope.words.take(), condition, reads };
  if (step.kind === 'rule') {
    const lines = Object.entries(step.set).map(([field, value]) => scope.put(field, toLiteral(value)));
    return { ...base, guard: undefined, writes: Object.keys(step.set), lines, comment: step.name.replaceAll(/\s+/g, ' ') };
  }
  const lines = step.kind === 'text' ? toTextLines(step, scope) : [scope.put(step.field, toExpression(step, scope))];
  return { ...base, guard: step.kind === 'convert' ? toGuard(step, scope) : undefined, writes: [step.field], lines };
}

/** Where all that a field can be made from lies in one object of the record, there is nothing to do without that object. */
function toGuard({ from }: ConvertStep, scope: ScriptScope): string | undefined {
  const [parent, ...others] = new Set(from.map(scope.parentOf));
  return parent === undefined || others.length > 0 ? undefined : `!${parent}.isEmpty()`;
}

function toExpression(step: Exclude<MappingStep, RuleStep | TextStep>, scope: ScriptScope): string {
  if (step.kind === 'set') return toLiteral(step.value);
  if (step.kind === 'collect') return `collected(new def[] {${step.from.map(scope.read).join(', ')}})`;
  if (step.kind === 'duration') return `duration(${scope.readRecord(step.start)}, ${scope.readRecord(step.end)})`;
  if (step.kind === 'point') return `point(${scope.readRecord(step.lat)}, ${scope.readRecord(step.lon)})`;
  const converter = CONVERTERS[step.to];
  const value = toSource(step, scope);
  const converted = NEVER_MISFIT.has(step.to) ? `${converter}(${value})` : `${converter}(${value}, ${quote(step.field)}, errors)`;
  return step.wrap ? `wrapped(${converted})` : converted;
}

/** Each part is the first of its phrases that has all its pieces; later ones are not looked at. */
function toTextLines({ tag, field, parts }: TextStep, scope: ScriptScope): readonly string[] {
  const text = tag;
  const toPiece = (piece: TextPhrase[number]): string => ('field' in piece ? scope.read(piece.field) : quote(piece.literal));
  const says = (phrases: readonly TextPhrase[]): string => phrases.map((phrase) => `says(${text}, new def[] {${phrase.map(toPiece).join(', ')}})`).join(' || ');
  return [
    `StringBuilder ${text} = new StringBuilder();`,
    ...parts.map((phrases, index) => `boolean ${text}_${index + 1} = ${says(phrases)};`),
    scope.put(field, `${text}.length() == 0 ? null : ${text}.toString()`),
  ];
}

function toSource({ from, absent, values, cut }: ConvertStep, scope: ScriptScope): string {
  const texts = absent.map((scalar) => toText(scalar) ?? '');
  const reads = from.map((path) => {
    const read = scope.readRecord(path);
    return texts.length === 0 ? read : `without(${read}, ${scope.table(texts)})`;
  });
  const value = reads.reduceRight((other, read) => `firstOf(${read}, ${other})`);
  const replaced = Object.keys(values).length === 0 ? value : `replaced(${value}, ${scope.values(values)})`;
  return cut === undefined ? replaced : `${cut.side}(${replaced}, ${quote(cut.separator)})`;
}

/** The function `documentId(json, conf, raw)`: the id by the rule of the source that `_conf.source` names, else of the first. */
export function toIdFunction({ sources }: IdStep): string {
  const [first = { name: '', scope: '', time: undefined, tuple: [] }, ...others] = sources;
  const toCall = ({ name, scope, time, tuple }: typeof first): string => {
    const parts = [quote(name), `conf.get(${quote(scope)})`, time === undefined ? 'null' : toRead(time), `new def[] {${tuple.map(toRead).join(', ')}}`];
    return `return idOf(${parts.join(', ')}, raw);`;
  };
  const branches = others.map((source) => `  if (${quote(source.name)}.equals(conf.get('source'))) { ${toCall(source)} }\n`);
  return `String documentId(Map json, Map conf, def raw) {\n${branches.join('')}  ${toCall(first)}\n}`;
}

function toRead(path: string): string {
  const [key = '', ...below] = path.split('.');
  return below.reduce((read, name) => `at(${read}, ${quote(name)})`, `json.get(${quote(key)})`);
}
