import type { Condition, Scalar } from './definition.ts';

/** Sets fields where a condition holds; rules run in order after all fields are made, a later one overrides an earlier one. */
export interface RuleDefinition {
  readonly name: string;
  readonly when: Condition;
  readonly set: Readonly<Record<string, Scalar | readonly Scalar[]>>;
}
