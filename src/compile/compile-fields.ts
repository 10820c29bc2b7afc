import type { FieldDefinition, PackageDefinition, StreamDefinition } from '../definition/definition.ts';

/** One entry of a fields file, as the package format names its properties; `name` is dotted and complete. */
export interface FieldEntry {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly value?: string;
  readonly [property: string]: unknown;
}

/** The three fields files of a data stream; no field stands in two of them. */
export interface FieldFiles {
  /** What every data stream has, with constant values. */
  readonly base: readonly FieldEntry[];
  /** Fields of ECS. */
  readonly ecs: readonly FieldEntry[];
  /** Fields of our own. */
  readonly own: readonly FieldEntry[];
}

function compileBase(dataset: string, module: string): readonly FieldEntry[] {
  const constant = { type: 'constant_keyword' };
  return [
    { name: 'data_stream.type', ...constant, value: 'logs', description: 'Data stream type.' },
    { name: 'data_stream.dataset', ...constant, value: dataset, description: 'Data stream dataset.' },
    { name: 'data_stream.namespace', ...constant, description: 'Data stream namespace.' },
    { name: 'event.module', ...constant, value: module, description: 'Name of the module this data is coming from.' },
    { name: 'event.dataset', ...constant, value: dataset, description: 'Name of the dataset.' },
    { name: '@timestamp', type: 'date', description: 'Date and time when the event happened.' },
  ];
}

/** What every event may carry although no stream declares it: the sender's tags, what failed, which input of Elastic Agent read it. */
const shared: readonly FieldEntry[] = [
  { name: 'error.message', type: 'match_only_text', description: 'Error message.' },
  { name: 'tags', type: 'keyword', description: 'List of keywords used to tag each event.', ignore_above: 1024, normalize: ['array'] },
];
const sharedOwn: readonly FieldEntry[] = [{ name: 'input.type', type: 'keyword', description: 'Type of the input of Elastic Agent.', ignore_above: 1024 }];

/** Without a limit of its own a wildcard field would get Fleet's 1024, and longer addresses could not be searched. A longer one breaks Lucene's limit. */
const WILDCARD_LIMIT = 8191;

function needsObjectType(field: FieldDefinition): boolean {
  return field.type === 'object' && field.mapping.enabled !== false && field.mapping.object_type === undefined;
}

function toEntry(field: FieldDefinition): FieldEntry {
  const values = field.allowedValues?.map(({ name }) => name) ?? [];
  return {
    name: field.name,
    type: field.type,
    description: field.description.trim(),
    ...(needsObjectType(field) ? { object_type: 'keyword' } : {}),
    ...(field.type === 'wildcard' ? { ignore_above: WILDCARD_LIMIT } : {}),
    ...field.mapping,
    ...(field.array ? { normalize: ['array'] } : {}),
    ...(values.length === 0 ? {} : { expected_values: values }),
  };
}

/** Compares by code unit, as Go and Elasticsearch do. */
function byName(a: FieldEntry, b: FieldEntry): number {
  return a.name < b.name ? -1 : 1;
}

function without(entries: readonly FieldEntry[], others: readonly FieldEntry[]): readonly FieldEntry[] {
  const taken = new Set(others.map(({ name }) => name));
  return entries.filter(({ name }) => !taken.has(name));
}

/** The fields of a data stream, complete: type, description and mapping parameters, each file sorted by name. */
export function compileFields(stream: StreamDefinition, { name }: PackageDefinition): FieldFiles {
  const base = compileBase(`${name}.${stream.name}`, name);
  const declared = stream.fields.filter(({ type }) => type !== 'group');
  const ecs = without(declared.filter((field) => field.ecs).map(toEntry), base);
  const own = without(declared.filter((field) => !field.ecs).map(toEntry), base);
  return {
    base,
    ecs: [...ecs, ...without(shared, [...ecs, ...own])].toSorted(byName),
    own: [...own, ...without(sharedOwn, [...ecs, ...own])].toSorted(byName),
  };
}
