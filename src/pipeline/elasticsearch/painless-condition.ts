import type { Condition } from '../../definition/definition.ts';
import { readPattern } from '../../definition/pattern.ts';
import { quote, toLiteral } from './painless-text.ts';

/** What the Painless of a condition stands in. */
export interface ConditionScope {
  /** The expression that reads a field of the document, null where it is missing. */
  readonly read: (field: string) => string;
  /** Whether a field never holds a list. */
  readonly isScalar: (field: string) => boolean;
  /** Makes a table (a map whose keys are the values) and returns the expression for it. */
  readonly table: (values: readonly string[]) => string;
  /** The expression that tells whether a field has one of the words. */
  readonly hasWord: (field: string, words: readonly string[]) => string;
  /** The expression for a condition that `compile` compiles, or for what is already known about it. */
  readonly recall?: (condition: Condition, compile: () => string) => string;
  /** Adds a function, where there is none of that key, and returns its name. */
  readonly define: (key: string, body: (name: string) => string) => string;
}

const MAX_CHAIN = 4;

/** Compiles a condition to a null-safe Painless expression, in brackets where it needs them. */
export function toPainless(condition: Condition, scope: ConditionScope): string {
  const compile = (): string => toExpression(condition, scope);
  return scope.recall === undefined ? compile() : scope.recall(condition, compile);
}

function toExpression(condition: Condition, scope: ConditionScope): string {
  switch (condition.kind) {
    case 'exists':
      return `${scope.read(condition.field)} != null`;
    case 'equals':
      return toEquals(condition.field, condition.value, scope);
    case 'in':
      return toIn(condition, scope);
    case 'matches':
      return toMatches(condition, scope);
    case 'words':
      return scope.hasWord(condition.field, condition.words);
    case 'range':
      return `inRange(${scope.read(condition.field)}, ${toBound(condition.atLeast)}, ${toBound(condition.below)})`;
    case 'not':
      return `!(${toPainless(condition.condition, scope)})`;
    default: {
      if (condition.conditions.length === 0) return toConstant(condition.kind === 'and');
      const parts = condition.conditions.map((part) => toPainless(part, scope));
      return parts.length === 1 ? (parts[0] as string) : `(${parts.join(condition.kind === 'and' ? ' && ' : ' || ')})`;
    }
  }
}

function toEquals(field: string, value: string | number | boolean, scope: ConditionScope): string {
  const read = scope.read(field);
  if (!scope.isScalar(field)) return typeof value === 'string' ? `hasText(${read}, ${quote(value)})` : `has(${read}, ${toLiteral(value)})`;
  return typeof value === 'string' ? `${quote(value)}.equals(${read})` : `${read} == ${toLiteral(value)}`;
}

/** Painless refuses a branch whose condition is literally constant. */
function toConstant(holds: boolean): string {
  return holds ? 'isAbsent(null)' : '!isAbsent(null)';
}

function toBound(bound: number | undefined): string {
  return bound === undefined ? 'null' : toLiteral(bound);
}

function toIn({ field, values }: Extract<Condition, { kind: 'in' }>, scope: ConditionScope): string {
  const texts = values.filter((value) => typeof value === 'string');
  if (texts.length === values.length && texts.length > MAX_CHAIN) return `isIn(${scope.read(field)}, ${scope.table(texts)})`;
  if (texts.length === values.length && texts.length > 1 && scope.isScalar(field)) {
    // No pattern of a regular expression begins with a question mark.
    return `${scope.define(`?${JSON.stringify(texts)}`, (name) => toTextTest(name, texts))}(${scope.read(field)})`;
  }
  return values.length === 0 ? toConstant(false) : `(${values.map((value) => toEquals(field, value, scope)).join(' || ')})`;
}

/** A function, so that the field is read once. */
function toTextTest(name: string, texts: readonly string[]): string {
  return `boolean ${name}(def v) { return ${texts.map((text) => `${quote(text)}.equals(v)`).join(' || ')}; }`;
}

function toMatches({ field, pattern }: Extract<Condition, { kind: 'matches' }>, scope: ConditionScope): string {
  const scalar = scope.isScalar(field);
  // No pattern begins with an asterisk.
  return `${scope.define(`${scalar ? '*' : ''}${pattern}`, (name) => toMatcher(name, pattern, scalar))}(${scope.read(field)})`;
}

function toMatcher(name: string, source: string, scalar: boolean): string {
  const { literals, java } = readPattern(source);
  const tests = literals?.map(({ text, start, end }) => {
    if (start && end) return `s.equals(${quote(text)})`;
    return `s.${start ? 'startsWith' : end ? 'endsWith' : 'contains'}(${quote(text)})`;
  });
  // Elasticsearch may limit how much a regular expression reads; such a text does not match.
  const body = tests ? `return ${tests.join(' || ')};` : `try { return s =~ /${java}/; } catch (Exception e) { return false; }`;
  const ofList = scalar
    ? ''
    : `  if (v instanceof List) {
    for (def item : (List) v) { if (item instanceof String && ${name}(item)) { return true; } }
    return false;
  }
`;
  return `boolean ${name}(def v) {
${ofList}  if (!(v instanceof String)) { return false; }
  String s = v;
  ${body}
}`;
}
