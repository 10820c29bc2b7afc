import type { DropDeclaration, FieldDeclaration, RuleDeclaration } from './declaration.ts';
import type { Variable } from './definition.ts';
import { below, type Report } from './report.ts';
import { suggest } from './suggest.ts';
import { listConditionFields, toCondition } from './to-condition.ts';
import { isDrop } from './to-drops.ts';

interface DropContext {
  readonly fields: readonly FieldDeclaration[];
  /** All that a user may set for the stream. */
  readonly variables: readonly Variable[];
  /** Of rules.yml. */
  readonly report: Report;
}

/** What rules that leave events out mean, beside what `checkRules` says of every rule: a variable switches each off, and what they read is there in time. */
export function checkDrops(rules: readonly (RuleDeclaration | DropDeclaration)[], { fields, variables, report }: DropContext): void {
  const late = new Set(fields.filter((field) => !isMadeFromRecord(field)).map(({ name }) => name));
  for (const [index, rule] of rules.entries()) {
    if (!isDrop(rule)) continue;
    const at = below(report, `[${index}]`);
    checkSwitch(rule, variables, at);
    for (const name of listConditionFields(toCondition(rule.when))) {
      if (late.has(name))
        at(
          'when',
          `the condition names ${name}, which is made only after events are left out`,
          'Name fields with from, value, between, point, text, groups or listed.',
        );
    }
  }
}

function isMadeFromRecord({ from, value, between, point, text, groups, listed }: FieldDeclaration): boolean {
  return [from, value, between, point, text, groups, listed].some((origin) => origin !== undefined);
}

function checkSwitch({ variable: name }: DropDeclaration, variables: readonly Variable[], report: Report): void {
  const variable = variables.find((candidate) => candidate.name === name);
  if (variable === undefined) {
    const names = variables.filter(({ type }) => type === 'bool').map((candidate) => candidate.name);
    report('variable', `the variable ${name} is not declared`, `${suggest(name, names)}Declare it in stream.yml with type: bool and default: true.`);
  } else if (variable.type !== 'bool' || variable.default === undefined || variable.for !== 'both') {
    report('variable', `the variable ${name} cannot switch a rule off`, 'Give it type: bool and a default, and no for.');
  }
}
