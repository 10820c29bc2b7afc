import type { Conversion } from '../../definition/definition.ts';
import type { ConvertStep, IdStep, MappingStep, RuleStep } from '../step.ts';
import { toText } from '../value.ts';
import { toPainless } from './painless-condition.ts';
import { quote, toLiteral } from './painless-text.ts';
import type { ScriptScope } from './script-scope.ts';

/** Names of the generated functions that convert. */
const CONVERTERS: Readonly<Record<Conversion, string>> = {
  keyword: 'keyword',
  keywords: 'keywords',
  lowercase: 'lowercase',
  uppercase: 'uppercase',
  long: 'longValue',
  longs: 'longs',
  double: 'doubleValue',
  boolean: 'booleanValue',
  date: 'date',
  ip: 'ip',
  object: 'object',
};

const NEVER_MISFIT: ReadonlySet<Conversion> = new Set(['ip', 'object']);

/** One step of the mapping as Painless: one line, or a few where it has a condition. */
export function toStatement(step: MappingStep, scope: ScriptScope): string {
  const condition = step.when === undefined ? undefined : toPainless(step.when, scope);
  if (step.kind === 'rule') {
    const puts = Object.entries(step.set).map(([field, value]) => `  ${scope.put(field, toLiteral(value))}`);
    return `if (${condition}) { // ${step.name.replaceAll(/\s+/g, ' ')}\n${puts.join('\n')}\n}`;
  }
  const put = scope.put(step.field, toExpression(step, scope));
  return condition === undefined ? put : `if (${condition}) { ${put} }`;
}

function toExpression(step: Exclude<MappingStep, RuleStep>, scope: ScriptScope): string {
  if (step.kind === 'set') return toLiteral(step.value);
  if (step.kind === 'collect') return `collected([${step.from.map(scope.read).join(', ')}])`;
  if (step.kind === 'duration') return `duration(${scope.readRecord(step.start)}, ${scope.readRecord(step.end)})`;
  const converter = CONVERTERS[step.to];
  const value = toSource(step, scope);
  const converted = NEVER_MISFIT.has(step.to) ? `${converter}(${value})` : `${converter}(${value}, ${quote(step.field)}, errors)`;
  return step.wrap ? `wrapped(${converted})` : converted;
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
    const parts = [quote(name), `conf.get(${quote(scope)})`, time === undefined ? 'null' : toRead(time), `[${tuple.map(toRead).join(', ')}]`];
    return `return idOf(${parts.join(', ')}, raw);`;
  };
  const branches = others.map((source) => `  if (${quote(source.name)}.equals(conf.get('source'))) { ${toCall(source)} }\n`);
  return `String documentId(Map json, Map conf, def raw) {\n${branches.join('')}  ${toCall(first)}\n}`;
}

function toRead(path: string): string {
  const [key = '', ...below] = path.split('.');
  return below.reduce((read, name) => `at(${read}, ${quote(name)})`, `json.get(${quote(key)})`);
}
