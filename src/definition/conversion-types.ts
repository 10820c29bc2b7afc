import type { Conversion } from './definition.ts';

const texts = ['keyword', 'lowercase', 'uppercase', 'host', 'extension', 'last', 'scalar', 'keywords', 'scalars', 'json'] as const;

/** Conversions that fit each field type; the first is what the type implies. */
const fitting: Readonly<Record<string, readonly Conversion[]>> = {
  keyword: texts,
  constant_keyword: texts,
  wildcard: texts,
  text: texts,
  match_only_text: texts,
  long: ['long', 'longs', 'port'],
  integer: ['long', 'longs', 'port'],
  double: ['double', 'long'],
  float: ['double', 'long'],
  scaled_float: ['double', 'long'],
  boolean: ['boolean'],
  date: ['date', 'http_date'],
  ip: ['ip'],
  flattened: ['object'],
  object: ['object'],
};

const listed: Partial<Record<Conversion, Conversion>> = { keyword: 'keywords', long: 'longs' };

/** The conversions that fit a field type; empty where no value of a record can become such a field. */
export function listConversions(type: string): readonly Conversion[] {
  return fitting[type] ?? [];
}

/** The conversion that a field type implies; for fields that ECS demands as list, the one that takes lists. */
export function impliedConversion(type: string, array: boolean): Conversion {
  const [first = 'keyword'] = listConversions(type);
  return (array ? listed[first] : undefined) ?? first;
}

/** Whether the conversion gives a list. */
export function givesList(conversion: Conversion): boolean {
  return conversion === 'keywords' || conversion === 'longs' || conversion === 'scalars';
}

/** Whether a value of this JavaScript type can stand in a field of this Elasticsearch type. */
export function fitsType(value: string | number | boolean, type: string): boolean {
  if (['long', 'integer'].includes(type)) return Number.isSafeInteger(value);
  if (['double', 'float', 'scaled_float'].includes(type)) return typeof value === 'number';
  if (type === 'boolean') return typeof value === 'boolean';
  return typeof value === 'string';
}
