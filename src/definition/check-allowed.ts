import type { Condition, Scalar } from './definition.ts';
import { findEcsField } from './ecs.ts';
import { readPattern } from './pattern.ts';
import type { Report } from './report.ts';
import { suggest } from './suggest.ts';
import { listTests } from './to-condition.ts';

/** Reports values that ECS does not allow in the field; fields without a closed list allow all. */
export function checkAllowed(field: string, values: readonly Scalar[], report: (message: string, hint: string) => void): void {
  const allowed = findEcsField(field)?.allowed_values?.map(({ name }) => name);
  if (allowed === undefined) return;
  for (const value of values) {
    if (!allowed.includes(String(value)))
      report(`${field} cannot be ${JSON.stringify(value)}`, `${suggest(String(value), allowed)}ECS allows: ${allowed.join(', ')}.`);
  }
}

/** Reports what a condition waits for in vain: values that ECS does not allow in the field, empty ranges, and patterns that are none. */
export function checkCondition(condition: Condition, path: string, report: Report): void {
  const at = (message: string, hint: string): void => report(path, message, hint);
  for (const part of listTests(condition)) {
    if (part.kind === 'equals') checkAllowed(part.field, [part.value], at);
    if (part.kind === 'in') checkAllowed(part.field, part.values, at);
    if (part.kind === 'words') checkWords(part.words, at);
    if (part.kind === 'matches' && !isPattern(part.pattern))
      at(`${part.pattern} is no pattern that both backends understand`, 'Use literals, classes, groups, alternatives, quantifiers, ^ and $ only.');
    if (part.kind === 'range') checkRange(part, at);
  }
}

type Tell = (message: string, hint: string) => void;

function checkRange({ atLeast = Number.NEGATIVE_INFINITY, below = Number.POSITIVE_INFINITY }: Extract<Condition, { kind: 'range' }>, tell: Tell): void {
  if (atLeast >= below) tell(`no number is at least ${atLeast} and below ${below}`, 'Make at_least less than below.');
}

function checkWords(words: readonly string[], tell: Tell): void {
  const odd = words.find((word) => !/^[A-Za-z0-9]+$/.test(word));
  if (odd !== undefined) tell(`${JSON.stringify(odd)} is no word`, 'Write ASCII letters and digits only.');
}

function isPattern(text: string): boolean {
  try {
    readPattern(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
