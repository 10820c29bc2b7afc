import type { DropDeclaration, FieldDeclaration, RuleDeclaration } from './declaration.ts';
import { below, type Report } from './report.ts';
import { severityFields } from './severity.ts';
import { isDrop } from './to-drops.ts';

const names: readonly string[] = Object.values(severityFields);

/** Rules with a severity need its three fields, and nothing else may set them. */
export function checkSeverities(rules: readonly (RuleDeclaration | DropDeclaration)[], declared: ReadonlyMap<string, FieldDeclaration>, report: Report): void {
  const first = rules.findIndex((rule) => !isDrop(rule) && rule.severity !== undefined);
  for (const name of first < 0 ? [] : names) {
    const by = declared.get(name)?.by;
    if (by !== 'rules') report(`[${first}].severity`, `a severity sets ${name}, which fields.yml does not leave to rules`, `Declare ${name} with by: rules.`);
  }
  for (const [index, rule] of rules.entries()) if (!isDrop(rule)) checkRule(rule, below(report, `[${index}]`));
}

function checkRule({ name, set, severity, reason }: RuleDeclaration, report: Report): void {
  const given = Object.entries({ set, severity }).filter(([, value]) => value !== undefined);
  if (given.length !== 1) {
    const what = given.length === 0 ? 'does nothing' : 'sets fields and has a severity';
    report('', `the rule ${name} ${what}`, 'Write one of them: set, or severity and reason.');
  }
  if (severity !== undefined && reason === undefined) report('severity', `the rule ${name} has no reason`, 'Add reason: one sentence for people.');
  if (severity === undefined && reason !== undefined) report('reason', `the rule ${name} has a reason, but no severity`, 'Add severity, or remove reason.');
  const found = Object.keys(set ?? {}).find((field) => names.includes(field));
  if (found !== undefined) report(`set.${found}`, `${found} is what a severity sets`, 'Write severity and reason instead.');
}
