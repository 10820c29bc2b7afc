import type { DashboardField } from './dashboard-definition.ts';
import type { FieldDefinition, StreamDefinition } from './definition.ts';

/** The fields that documents of these data streams can be asked by, by name: those that have a value of their own and are indexed. */
export function listAskableFields(streams: readonly StreamDefinition[]): ReadonlyMap<string, DashboardField> {
  const fields = streams.flatMap((stream) => stream.fields.filter(isAskable));
  return new Map(fields.map((field) => [field.name, toDashboardField(field)]));
}

function isAskable({ type, mapping }: FieldDefinition): boolean {
  return type !== 'group' && mapping.index !== false && mapping.doc_values !== false;
}

function toDashboardField({ name, type, mapping }: FieldDefinition): DashboardField {
  const unit = mapping.unit ?? (name.endsWith('.bytes') ? 'byte' : undefined);
  return { name, type, ...(typeof unit === 'string' ? { unit } : {}) };
}
