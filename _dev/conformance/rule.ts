import type { PackageUnderTest } from './package-under-test.ts';

/** A rule that a program checks on the source form of a package. */
export interface Rule {
  /** Number of the rule in the list of what a reviewer applies, e.g. `P3`. */
  readonly id: string;
  /** What is checked, in a few words. */
  readonly checks: string;
  /** Why there is nothing to check in this package; undefined where there is. */
  readonly isIdle?: (tested: PackageUnderTest) => string | undefined;
  /** One sentence for each place where the package breaks the rule; empty where it keeps it. */
  readonly check: (tested: PackageUnderTest) => readonly string[];
}

/** How a rule fares. `owed`: it cannot be shown on this machine; `left out`: it could, with what the note names. */
export type Result = 'ok' | 'exception' | 'owed' | 'left out' | 'fault';

/** A line of the report. */
export interface Row {
  readonly id: string;
  readonly checks: string;
  readonly result: Result;
  /** Faults, the reason of an exception, or what is owed. */
  readonly notes: readonly string[];
}

/** The row of a check that was made. */
export function toRow(rule: Pick<Rule, 'id' | 'checks'>, faults: readonly string[]): Row {
  return { id: rule.id, checks: rule.checks, result: faults.length === 0 ? 'ok' : 'fault', notes: faults };
}
