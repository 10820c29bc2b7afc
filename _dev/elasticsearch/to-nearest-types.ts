type Mapping = Readonly<Record<string, unknown>>;

/**
 * Field types that a server core does not know, each with the parameters of its nearest kin. `unsigned_long` becomes `long` (exact for ids below
 * 2^63), `wildcard` a `keyword` that ignores what Lucene could not hold.
 */
export const nearestTypes: Readonly<Record<string, Mapping>> = {
  constant_keyword: { type: 'keyword' },
  counted_keyword: { type: 'keyword' },
  geo_shape: { type: 'object', enabled: false },
  match_only_text: { type: 'text' },
  scaled_float: { type: 'double' },
  search_as_you_type: { type: 'text' },
  unsigned_long: { type: 'long' },
  version: { type: 'keyword' },
  wildcard: { type: 'keyword', ignore_above: 8191 },
};

/** Parameters that only the replaced types know. */
const ownParameters = new Set(['value', 'scaling_factor', 'max_shingle_size', 'orientation']);

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function replaceType(field: Mapping, missing: ReadonlySet<string>): Mapping {
  const type = field.type;
  const nearest = typeof type === 'string' && missing.has(type) ? nearestTypes[type] : undefined;
  if (nearest === undefined) {
    return field;
  }
  const kept = Object.entries(field).filter(([name]) => !ownParameters.has(name));
  return { ...nearest, ...Object.fromEntries(kept), type: nearest.type };
}

function convertFields(fields: unknown, missing: ReadonlySet<string>): unknown {
  return isMapping(fields) ? Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, convertField(field, missing)])) : fields;
}

function convertField(field: unknown, missing: ReadonlySet<string>): unknown {
  if (!isMapping(field)) {
    return field;
  }
  const converted: Record<string, unknown> = { ...replaceType(field, missing) };
  for (const group of ['properties', 'fields']) {
    if (converted[group] !== undefined) {
      converted[group] = convertFields(converted[group], missing);
    }
  }
  return converted;
}

function convertDynamicTemplate(entry: unknown, missing: ReadonlySet<string>): unknown {
  if (!isMapping(entry)) {
    return entry;
  }
  const convert = (rule: unknown): unknown => (isMapping(rule) ? { ...rule, mapping: convertField(rule.mapping, missing) } : rule);
  return Object.fromEntries(Object.entries(entry).map(([name, rule]) => [name, convert(rule)]));
}

/**
 * A mapping (`{properties, dynamic_templates, ...}`) that an engine without some field types takes: each missing type is replaced by its nearest kin, in
 * properties, multi-fields and dynamic templates. The argument is not changed. A `constant_keyword` loses its value: documents must carry it.
 *
 * @param missingFieldTypes as `Capabilities` gives it.
 * @default all types of `nearestTypes`
 */
export function toNearestTypes(mapping: Mapping, missingFieldTypes: readonly string[] = Object.keys(nearestTypes)): Mapping {
  const missing = new Set(missingFieldTypes);
  const converted = convertField(mapping, missing) as Mapping;
  const templates = converted.dynamic_templates;
  return Array.isArray(templates) ? { ...converted, dynamic_templates: templates.map((entry) => convertDynamicTemplate(entry, missing)) } : converted;
}
