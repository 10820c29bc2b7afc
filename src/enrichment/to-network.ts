import type { AsnResponse } from 'mmdb-lib';
import type { JsonObject } from '../pipeline/value.ts';

/** The autonomous system of an address as ECS names it; undefined where the database says nothing of it. */
export function toNetwork(record: Partial<AsnResponse>): JsonObject | undefined {
  const { autonomous_system_number: number, autonomous_system_organization: name } = record;
  if (number === undefined && name === undefined) return undefined;
  return { ...(number !== undefined && { number }), ...(name !== undefined && { organization: { name } }) };
}
