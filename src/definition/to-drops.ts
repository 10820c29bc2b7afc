import type { DropDeclaration, RuleDeclaration } from './declaration.ts';
import type { DropDefinition, Variable } from './definition.ts';
import { toCondition } from './to-condition.ts';

/** True for a rule that leaves events out. */
export function isDrop(rule: RuleDeclaration | DropDeclaration): rule is DropDeclaration {
  return 'drop' in rule;
}

/** True for a rule that sets fields. */
export function isSetting(rule: RuleDeclaration | DropDeclaration): rule is RuleDeclaration {
  return !isDrop(rule);
}

/** Those of the rules that leave events out, with the defaults of their variables. */
export function toDrops(rules: readonly (RuleDeclaration | DropDeclaration)[], variables: readonly Variable[]): readonly DropDefinition[] {
  return rules.filter(isDrop).map(({ name, description, when, variable }) => {
    const byDefault = variables.find((candidate) => candidate.name === variable)?.default === true;
    return { name, description, when: toCondition(when), variable, byDefault };
  });
}
