import { checkAllowed, checkCondition } from './check-allowed.ts';
import { checkCategories } from './check-categories.ts';
import { checkSeverities } from './check-severities.ts';
import { fitsType } from './conversion-types.ts';
import type { DropDeclaration, FieldDeclaration, RuleDeclaration } from './declaration.ts';
import type { Scalar } from './definition.ts';
import { findEcsField } from './ecs.ts';
import { below, type Report } from './report.ts';
import { severityFields } from './severity.ts';
import { suggest } from './suggest.ts';
import { listConditionFields, toCondition } from './to-condition.ts';
import { isDrop } from './to-drops.ts';

/** What rules.yml means: rules name declared fields, set values that ECS allows, and only pairs of category and type that belong together. */
export function checkRules(rules: readonly (RuleDeclaration | DropDeclaration)[], fields: readonly FieldDeclaration[], report: Report): void {
  const declared = new Map(fields.map((field) => [field.name, field]));
  for (const [index, rule] of rules.entries()) {
    const at = below(report, `[${index}]`);
    if (rules.findIndex(({ name }) => name === rule.name) !== index)
      at('name', `the rule ${rule.name} is declared already`, 'Give each rule a name of its own.');
    checkRuleCondition(rule, declared, at);
    if (isDrop(rule)) continue;
    for (const [name, value] of Object.entries(rule.set ?? {})) checkSet({ name, value, declared, report: below(at, `set.${name}`) });
    checkCategories(rule, declared, at);
  }
  checkSeverities(rules, declared, report);
}

/** Reports fields that say `by: rules` though no rule sets them; `report` is that of fields.yml. */
export function checkUnset(fields: readonly FieldDeclaration[], rules: readonly RuleDeclaration[], report: Report): void {
  const graded: readonly string[] = rules.some(({ severity }) => severity !== undefined) ? Object.values(severityFields) : [];
  const set = new Set([...graded, ...rules.flatMap((rule) => Object.keys(rule.set ?? {}))]);
  for (const [index, { name, by }] of fields.entries()) {
    if (by === 'rules' && !set.has(name)) report(`[${index}].by`, `no rule sets ${name}`, 'Add a rule to rules.yml, or say how else it is made.');
  }
}

function checkRuleCondition({ when }: Pick<RuleDeclaration, 'when'>, declared: ReadonlyMap<string, FieldDeclaration>, report: Report): void {
  const condition = toCondition(when);
  for (const name of listConditionFields(condition)) {
    if (!declared.has(name))
      report('when', `the condition names ${name}, which fields.yml does not declare`, `${suggest(name, [...declared.keys()])}Declare the field.`);
  }
  checkCondition(condition, 'when', report);
}

interface Setting {
  readonly name: string;
  readonly value: Scalar | readonly Scalar[];
  readonly declared: ReadonlyMap<string, FieldDeclaration>;
  readonly report: Report;
}

function checkSet({ name, value, declared, report }: Setting): void {
  const field = declared.get(name);
  if (field === undefined) {
    report('', `the rule sets ${name}, which fields.yml does not declare`, `${suggest(name, [...declared.keys()])}Declare the field.`);
    return;
  }
  const ecs = findEcsField(name);
  const array = ecs?.normalize.includes('array') ?? false;
  if (array && !Array.isArray(value)) report('', `${name} holds a list`, 'Write the value as list.');
  if (!array && Array.isArray(value)) report('', `${name} holds one value`, 'Write one value.');
  const type = ecs?.type ?? field.type ?? 'keyword';
  const wrong = [value].flat().find((one) => !fitsType(one, type));
  if (wrong !== undefined) report('', `${JSON.stringify(wrong)} is no ${type} for ${name}`, 'Write a value of that type; quotes make a text.');
  checkAllowed(name, [value].flat(), (message, hint) => report('', message, hint));
}
