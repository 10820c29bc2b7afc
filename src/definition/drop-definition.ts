import type { Condition } from './definition.ts';

/** Leaves out the events for which a condition holds. That is decided before rules run, so the condition names fields that are made from the record. */
export interface DropDefinition {
  readonly name: string;
  /** What is left out, as the docs say it. */
  readonly description: string;
  readonly when: Condition;
  /** Name of the variable of type bool that switches it on and off. */
  readonly variable: string;
  /** Default of that variable. */
  readonly byDefault: boolean;
}
