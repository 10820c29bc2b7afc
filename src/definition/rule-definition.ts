import type { Condition, Scalar } from './definition.ts';

/**
 * What happens where a condition holds. Rules that set fields run in order after all fields are made, a later one overrides an earlier one. Rules that grade
 * the event come after all of those, so that they see what was set; of several that hold the most severe one wins, among equals the later.
 */
export interface RuleDefinition {
  readonly name: string;
  readonly when: Condition;
  /** Empty where the rule grades. */
  readonly set: Readonly<Record<string, Scalar | readonly Scalar[]>>;
  readonly grade?: Grade;
}

/** How severe an event is, and why, in one sentence for people. */
export interface Grade {
  readonly severity: SeverityName;
  readonly reason: string;
}

/** From the least severe on; the numbers are those of `severities`. */
export type SeverityName = 'info' | 'low' | 'medium' | 'high' | 'critical';
