import type { FieldEntry } from './compile-fields.ts';

type Mapping = Readonly<Record<string, unknown>>;

interface Node {
  entry?: FieldEntry;
  readonly children: Map<string, Node>;
}

/** Parameters of a fields file that Elasticsearch takes under the same name. */
const passed = [
  'analyzer',
  'copy_to',
  'depth_limit',
  'doc_values',
  'dynamic',
  'enabled',
  'ignore_above',
  'ignore_malformed',
  'index',
  'norms',
  'normalizer',
  'null_value',
  'scaling_factor',
  'search_analyzer',
  'store',
  'value',
];
/** Fleet maps any whole number but these as `long`. */
const renamed: Readonly<Record<string, string>> = { integer: 'long' };
const withLimit = new Set(['keyword', 'wildcard']);

function toMapping(entry: FieldEntry): Mapping {
  const parameters = Object.fromEntries(passed.filter((name) => entry[name] !== undefined).map((name) => [name, entry[name]]));
  const multiFields = Array.isArray(entry.multi_fields) ? (entry.multi_fields as readonly FieldEntry[]) : [];
  return {
    type: renamed[entry.type] ?? entry.type,
    ...(withLimit.has(entry.type) && entry.index !== false ? { ignore_above: 1024 } : {}),
    ...(entry.type === 'scaled_float' ? { scaling_factor: 1000 } : {}),
    ...(entry.date_format === undefined ? {} : { format: entry.date_format }),
    ...(entry.metric_type === undefined ? {} : { time_series_metric: entry.metric_type }),
    ...(entry.unit === undefined ? {} : { meta: { unit: entry.unit } }),
    ...parameters,
    ...(multiFields.length === 0 ? {} : { fields: Object.fromEntries(multiFields.map((field) => [field.name, toMapping(field)])) }),
  };
}

function insert(root: Node, entry: FieldEntry): void {
  let node = root;
  for (const part of entry.name.split('.')) {
    const child = node.children.get(part) ?? { children: new Map<string, Node>() };
    node.children.set(part, child);
    node = child;
  }
  node.entry = entry;
}

function renderNode({ entry, children }: Node): Mapping {
  const properties = Object.fromEntries([...children].map(([name, child]) => [name, renderNode(child)]));
  return { ...(entry === undefined ? {} : toMapping(entry)), ...(children.size === 0 ? {} : { properties }) };
}

/** A field of type `object` takes any key; what stands below it gets the declared type. */
function toDynamicTemplates(entries: readonly FieldEntry[]): readonly Mapping[] {
  return entries
    .filter(({ type, object_type: below }) => type === 'object' && typeof below === 'string')
    .map(({ name, object_type: below }) => ({ [name]: { path_match: `${name}.*`, match_mapping_type: '*', mapping: { type: below } } }));
}

const stringsAsKeywords = { strings_as_keyword: { match_mapping_type: 'string', mapping: { type: 'keyword', ignore_above: 1024 } } };

/** Elasticsearch mappings of these fields, as Fleet would make them; unknown strings become keywords, and no text becomes a date. */
export function compileMappings(entries: readonly FieldEntry[]): Mapping {
  const root: Node = { children: new Map() };
  for (const entry of entries) {
    insert(root, entry);
  }
  return {
    dynamic: true,
    date_detection: false,
    dynamic_templates: [...toDynamicTemplates(entries), stringsAsKeywords],
    properties: renderNode(root).properties,
  };
}
