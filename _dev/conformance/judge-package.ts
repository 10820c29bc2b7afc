import type { Exception } from './exceptions.ts';
import type { Owed } from './owed.ts';
import type { PackageUnderTest } from './package-under-test.ts';
import { type Row, type Rule, toRow } from './rule.ts';

/** By what a package is judged. */
export interface Law {
  readonly rules: readonly Rule[];
  readonly exceptions: readonly Exception[];
  readonly owed: readonly Owed[];
}

/** At most so many rules may be broken with a reason. */
export const MOST_EXCEPTIONS = 5;

/** A row for each rule in the order of the rules, then what is owed; an exception that covers nothing is a fault of its rule. */
export function judgePackage(tested: PackageUnderTest, { rules, exceptions, owed }: Law): readonly Row[] {
  const judged = rules.map((rule) => {
    const why = rule.isIdle?.(tested);
    if (why !== undefined) return { row: judgeIdle(rule, why), used: [] };
    return judgeRule(rule, { faults: rule.check(tested), exceptions: exceptions.filter(({ id }) => id === rule.id) });
  });
  const used = new Set(judged.flatMap(({ used: some }) => some));
  const idle = exceptions
    .filter((exception) => !used.has(exception))
    .map(({ id }) => toRow({ id, checks: 'its exception is needed' }, ['the exception covers no fault any more']));
  const tooMany =
    exceptions.length > MOST_EXCEPTIONS
      ? [toRow({ id: '-', checks: 'few exceptions' }, [`${exceptions.length} exceptions are more than ${MOST_EXCEPTIONS}`])]
      : [];
  return [...judged.map(({ row }) => row), ...idle, ...tooMany, ...owed.map(({ id, checks, owes }): Row => ({ id, checks, result: 'owed', notes: [owes] }))];
}

interface Found {
  readonly faults: readonly string[];
  readonly exceptions: readonly Exception[];
}

function judgeIdle({ id, checks }: Rule, why: string): Row {
  return { id, checks, result: 'owed', notes: [why] };
}

function judgeRule(rule: Rule, { faults, exceptions }: Found): { readonly row: Row; readonly used: readonly Exception[] } {
  const used = exceptions.filter(({ covers }) => faults.some((fault) => covers.test(fault)));
  const left = faults.filter((fault) => !used.some(({ covers }) => covers.test(fault)));
  if (left.length > 0 || used.length === 0) return { row: toRow(rule, left), used };
  return { row: { id: rule.id, checks: rule.checks, result: 'exception', notes: used.map(({ reason }) => reason) }, used };
}
