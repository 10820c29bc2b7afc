import { EcsFlat, EcsVersion } from '@elastic/ecs';

/** A field of the Elastic Common Schema, as much of it as declarations need. */
export interface EcsField {
  readonly type: string;
  readonly description: string;
  /** Holds `array` where ECS demands a list. */
  readonly normalize: readonly string[];
  readonly allowed_values?: readonly { readonly name: string; readonly expected_event_types?: readonly string[] }[];
  readonly ignore_above?: number;
  readonly index?: boolean;
  readonly doc_values?: boolean;
  readonly scaling_factor?: number;
  readonly multi_fields?: readonly { readonly name: string; readonly type: string }[];
}

const fields: ReadonlyMap<string, EcsField> = new Map(Object.entries(EcsFlat as unknown as Readonly<Record<string, EcsField>>));

/** Version of ECS that the declarations are checked against: what `value: ecs` stands for. */
export const ecsVersion: string = EcsVersion;

/** Names of all ECS fields. */
export const ecsFieldNames: readonly string[] = [...fields.keys()];

/** The ECS field of that name; undefined where ECS has none. */
export function findEcsField(name: string): EcsField | undefined {
  return fields.get(name);
}
