import type { RuleDeclaration } from './declaration.ts';
import type { RuleDefinition } from './rule-definition.ts';
import { toCondition } from './to-condition.ts';

/** The declared rule as data. */
export function toRule({ name, when, set = {}, severity, reason = '' }: RuleDeclaration): RuleDefinition {
  return { name, when: toCondition(when), set, ...(severity === undefined ? {} : { grade: { severity, reason } }) };
}
