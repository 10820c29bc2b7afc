import type { Scalar } from '../../definition/definition.ts';

/** A string as Painless writes it. */
export function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A scalar or a list of scalars as a Painless literal. */
export function toLiteral(value: Scalar | readonly Scalar[]): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'number') return `[${value.map(toLiteral).join(', ')}]`;
  if (!Number.isInteger(value)) return String(value);
  return Math.abs(value) < 2 ** 31 ? String(value) : Number.isSafeInteger(value) ? `${value}L` : `${value.toExponential()}D`;
}

/** A dotted name as part of a Painless identifier. */
export function toIdentifier(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '');
}
