import type { DashboardField } from './dashboard-definition.ts';

const numbers = ['long', 'integer', 'short', 'byte', 'unsigned_long', 'double', 'float', 'half_float', 'scaled_float'] as const;
const values = ['keyword', 'constant_keyword', 'wildcard', 'ip', 'boolean', ...numbers] as const;

/** Which types of fields fit a use of a field in a dashboard. */
export const fittingTypes = {
  'a list of top values': values,
  'a number of distinct values': [...values, 'date'],
  'an arithmetic': numbers,
  'a smallest or largest value': [...numbers, 'date'],
  'a newest value': [...values, 'date'],
  'a control': ['keyword', 'ip', 'boolean'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What a field is used for. */
export type FieldUse = keyof typeof fittingTypes;

/** Whether Elasticsearch has numbers in the field. */
export function isNumeric({ type }: DashboardField): boolean {
  return (numbers as readonly string[]).includes(type);
}
