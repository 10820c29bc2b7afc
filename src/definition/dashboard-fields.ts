import type { DashboardField } from './dashboard-definition.ts';
import type { FieldDefinition, StreamDefinition } from './definition.ts';
import type { FindField } from './to-dashboard.ts';

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

/** The fields that documents of these data streams can be asked by: those that have a value of their own and are indexed. */
export function listAskableFields(streams: readonly StreamDefinition[]): ReadonlyMap<string, DashboardField> {
  const fields = streams.flatMap((stream) => stream.fields.filter(isAskable));
  return new Map(fields.map((field) => [field.name, toDashboardField(field)]));
}

/** Finds a field by its name. */
export function findIn(fields: ReadonlyMap<string, DashboardField>): FindField {
  return (name) => fields.get(name);
}

function isAskable({ type, mapping }: FieldDefinition): boolean {
  return type !== 'group' && mapping.index !== false && mapping.doc_values !== false;
}

function toDashboardField({ name, type, mapping }: FieldDefinition): DashboardField {
  const unit = mapping.unit ?? (name.endsWith('.bytes') ? 'byte' : undefined);
  return { name, type, ...(typeof unit === 'string' ? { unit } : {}) };
}
