import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

/** How a run ended. */
export interface Totals {
  readonly passed: number;
  /** Tests, hooks and files that failed, and errors outside of tests. */
  readonly failed: number;
  readonly skipped: number;
}

function findSkipReason(test: TestCase): string | undefined {
  const result = test.result();
  const { skipReason } = test.meta();
  return (result.state === 'skipped' ? result.note : undefined) ?? skipReason;
}

function hasOwnErrors(group: TestModule | TestSuite): boolean {
  return group.errors().length > 0;
}

/** Counts a run; a file or hook that fails counts as one failure besides its tests. */
export function countTests(modules: readonly TestModule[], unhandledErrors: number): Totals {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const groups = modules.flatMap((module) => [module, ...module.children.allSuites()]);
  const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
  return { passed: count('passed'), failed: count('failed') + groups.filter(hasOwnErrors).length + unhandledErrors, skipped: count('skipped') };
}

/** One line per reason and one per file, the number of skipped tests first; empty where nothing was skipped. */
export function renderSkipped(modules: readonly TestModule[]): string {
  const byReason = new Map<string, Map<string, number>>();
  for (const module of modules) {
    for (const test of module.children.allTests('skipped')) {
      const reason = findSkipReason(test) ?? 'no reason given (a name filter, a hook that failed, or a skip that should say why)';
      const files = byReason.get(reason) ?? new Map<string, number>();
      byReason.set(reason, files.set(module.relativeModuleId, (files.get(module.relativeModuleId) ?? 0) + 1));
    }
  }
  const groups = [...byReason].map(([reason, files]) => {
    const total = [...files.values()].reduce((sum, count) => sum + count, 0);
    const lines = [...files].map(([file, count]) => `      ${count} in ${file}`);
    return [`  ${total} skipped: ${reason.replaceAll('\n', '\n    ')}`, ...lines].join('\n');
  });
  return groups.length === 0 ? '' : `${groups.join('\n')}\n`;
}

/** `N passed, N failed`, with `, N skipped` where there are any. */
export function renderTotals({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * After the run, prints why tests were skipped and what enables them. The totals go to the parent process where there is one that listens (run.js prints
 * them last), else to stdout.
 */
export class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    process.stdout.write(renderSkipped(modules));
    const totals = countTests(modules, unhandledErrors.length);
    if (process.send === undefined) {
      process.stdout.write(`${renderTotals(totals)}\n`);
    } else {
      process.send({ totals, line: renderTotals(totals) });
    }
  }
}
