import type { Condition, Scalar } from '../../definition/definition.ts';
import { readPattern } from '../../definition/pattern.ts';
import { isSame } from '../condition.ts';
import { isNumber, type JsonObject, type JsonValue } from '../value.ts';
import { compileGet } from './path.ts';

/** Whether a condition holds for a document. */
export type Test = (document: JsonObject) => boolean;

/** Compiles a condition to a closure. A field that holds a list satisfies `equals`, `in` and `matches` when one of its elements does. */
export function compileCondition(condition: Condition): Test {
  switch (condition.kind) {
    case 'exists': {
      const get = compileGet(condition.field);
      return (document) => (get(document) ?? null) !== null;
    }
    case 'equals':
      return some(condition.field, (value) => isSame(value, condition.value));
    case 'in':
      return some(condition.field, isOneOf(condition.values));
    case 'matches': {
      const { regExp } = readPattern(condition.pattern);
      return some(condition.field, (value) => typeof value === 'string' && regExp.test(value));
    }
    case 'words':
      return some(condition.field, hasWord(condition.words));
    case 'range': {
      const { atLeast = -Infinity, below = Infinity } = condition;
      return some(condition.field, (value) => isNumber(value) && value >= atLeast && value < below);
    }
    case 'not': {
      const test = compileCondition(condition.condition);
      return (document) => !test(document);
    }
    default: {
      const tests = condition.conditions.map(compileCondition);
      if (condition.kind === 'and') return (document) => tests.every((test) => test(document));
      return (document) => tests.some((test) => test(document));
    }
  }
}

function isOneOf(scalars: readonly Scalar[]): (value: JsonValue | undefined) => boolean {
  const values = new Set<unknown>(scalars);
  return (value) => values.has(value) || (typeof value === 'bigint' && scalars.some((scalar) => isSame(value, scalar)));
}

/** Longer texts have no words: a Painless loop may not run for long. */
const MAX_LENGTH = 1000;

function hasWord(given: readonly string[]): (value: JsonValue | undefined) => boolean {
  const words = new Set(given);
  return (value) => typeof value === 'string' && wordsOf(value).some((word) => words.has(word));
}

/** The words of a text, runs of ASCII letters and digits; a text of more than 1,000 characters has none. */
export function wordsOf(text: string): readonly string[] {
  return text.length <= MAX_LENGTH ? (text.match(/[A-Za-z0-9]+/g) ?? []) : [];
}

function some(field: string, test: (value: JsonValue | undefined) => boolean): Test {
  const get = compileGet(field);
  return (document) => {
    const value = get(document);
    return Array.isArray(value) ? value.some(test) : test(value);
  };
}
