import { impliedConversion } from './conversion-types.ts';
import type { FieldDeclaration } from './declaration.ts';
import type { FieldDefinition, FieldOrigin } from './definition.ts';
import { type EcsField, ecsVersion, findEcsField } from './ecs.ts';
import { enrichmentLeaves } from './enrichment-leaves.ts';
import { toCondition } from './to-condition.ts';
import { toTextParts } from './to-text-parts.ts';

/** Elasticsearch refuses a document whose keyword is longer than 32,766 bytes unless the field says from where to ignore it. */
const defaultIgnoreAbove = 1024;

const enrichments = ['geo', 'as', 'user_agent'] as const;

/**
 * The declared fields as data, in order. An enrichment becomes a field of type `group` followed by what it fills, except for what is declared
 * itself. ECS fields get ECS' type, description and mapping.
 */
export function toFields(declarations: readonly FieldDeclaration[]): readonly FieldDefinition[] {
  const declared = new Set(declarations.map(({ name }) => name));
  return declarations.flatMap((declaration) => {
    const enrich = findEnrichment(declaration);
    if (enrich === undefined) return [toField(declaration)];
    const leaves = enrichmentLeaves[enrich].map((leaf) => `${declaration.name}.${leaf}`).filter((name) => !declared.has(name));
    return [toGroup(declaration, enrich), ...leaves.map((name) => toField({ name }))];
  });
}

/** Which enrichment the field declares; undefined for all other fields. */
export function findEnrichment(declaration: FieldDeclaration): (typeof enrichments)[number] | undefined {
  return enrichments.find((enrichment) => declaration[enrichment] !== undefined);
}

function toGroup(declaration: FieldDeclaration, enrich: (typeof enrichments)[number]): FieldDefinition {
  return {
    name: declaration.name,
    type: 'group',
    description: '',
    ecs: true,
    array: false,
    origin: { kind: 'enrich', enrich, from: declaration[enrich] ?? '' },
    ...(declaration.when === undefined ? {} : { when: toCondition(declaration.when) }),
    mapping: {},
  };
}

function toField(declaration: FieldDeclaration): FieldDefinition {
  const ecs = findEcsField(declaration.name);
  const type = ecs?.type ?? declaration.type ?? 'keyword';
  const array = ecs?.normalize.includes('array') ?? false;
  return {
    name: declaration.name,
    type,
    description: ecs?.description ?? declaration.description ?? '',
    ecs: ecs !== undefined,
    array,
    origin: toOrigin(declaration, type, array),
    ...(declaration.when === undefined ? {} : { when: toCondition(declaration.when) }),
    mapping: { ...(ecs === undefined ? ownMapping(type) : ecsMapping(ecs)), ...declaration.mapping },
    ...(ecs?.allowed_values === undefined ? {} : { allowedValues: toAllowedValues(ecs.allowed_values) }),
  };
}

function toOrigin(declaration: FieldDeclaration, type: string, array: boolean): FieldOrigin {
  if (declaration.from !== undefined) {
    return {
      kind: 'record',
      from: [declaration.from].flat(),
      to: declaration.to ?? impliedConversion(type, array),
      absent: declaration.absent ?? [],
      values: declaration.values ?? {},
      ...toCut(declaration),
    };
  }
  if (declaration.value !== undefined) {
    return { kind: 'value', value: declaration.name === 'ecs.version' && declaration.value === 'ecs' ? ecsVersion : declaration.value };
  }
  if (declaration.text !== undefined) return { kind: 'text', parts: toTextParts(declaration.text) };
  if (declaration.collect !== undefined) return { kind: 'collect', collect: declaration.collect };
  if (declaration.between !== undefined) return { kind: 'duration', start: declaration.between[0], end: declaration.between[1] };
  if (declaration.point !== undefined) return { kind: 'point', lat: declaration.point[0], lon: declaration.point[1] };
  if (declaration.groups !== undefined) return { kind: 'group', of: declaration.groups.of, groups: declaration.groups.words };
  if (declaration.listed !== undefined) return { kind: 'listed', ...declaration.listed };
  return { kind: 'elsewhere' };
}

function toCut({ before, after }: FieldDeclaration): Pick<Extract<FieldOrigin, { kind: 'record' }>, 'cut'> {
  if (before !== undefined) return { cut: { side: 'before', separator: before } };
  if (after !== undefined) return { cut: { side: 'after', separator: after } };
  return {};
}

function ownMapping(type: string): Readonly<Record<string, unknown>> {
  return type === 'keyword' || type === 'flattened' ? { ignore_above: defaultIgnoreAbove } : {};
}

function ecsMapping(ecs: EcsField): Readonly<Record<string, unknown>> {
  const { ignore_above, index, doc_values, scaling_factor, multi_fields } = ecs;
  const parameters = { ignore_above, index, doc_values, scaling_factor, multi_fields: multi_fields?.map(({ name, type }) => ({ name, type })) };
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
}

function toAllowedValues(values: NonNullable<EcsField['allowed_values']>): NonNullable<FieldDefinition['allowedValues']> {
  return values.map(({ name, expected_event_types }) => ({
    name,
    ...(expected_event_types === undefined ? {} : { expectedEventTypes: expected_event_types }),
  }));
}
