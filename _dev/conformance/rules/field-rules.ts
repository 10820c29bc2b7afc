import { isDeepStrictEqual } from 'node:util';
import { findEcsField } from '../../../src/definition/ecs.ts';
import { isFilled, toLeaves } from '../documents.ts';
import type { DeclaredField, StreamUnderTest } from '../package-under-test.ts';
import type { Rule } from '../rule.ts';

/** What stands below is not declared one by one. */
const open = new Set(['flattened', 'object', 'geo_point', 'group', 'nested']);

/** Set outside of the pipeline, or only for an event that failed, which a fixture may not hold. */
const never = new Set(['error.message', 'input.type']);

function onStreams(find: (stream: StreamUnderTest) => readonly string[]): Rule['check'] {
  return ({ streams }) => streams.flatMap(find);
}

function isOpen(fields: readonly DeclaredField[]): (path: string) => boolean {
  const names = new Set(fields.filter(({ type }) => open.has(type)).map(({ name }) => name));
  return (path) => names.has(path);
}

/** Paths of a document that nobody declared; Elasticsearch itself would map them by guess. */
function findUndeclared({ fields, documents }: StreamUnderTest): readonly string[] {
  const names = new Set(fields.map(({ name }) => name));
  const found = documents.flatMap(({ label, document }) =>
    toLeaves(document, isOpen(fields))
      .filter(([path, value]) => !names.has(path) && isFilled(value))
      .map(([path]) => [path, label] as const),
  );
  return [...new Map(found)].map(([path, label]) => `${label}: ${path} is not declared`);
}

/** A data stream of the same fields may show those that only the record of another endpoint fills. */
function findUnused({ folder, fields, documents }: StreamUnderTest, streams: readonly StreamUnderTest[]): readonly string[] {
  const same = streams.filter((other) => isDeepStrictEqual(toFieldNames(other), toFieldNames({ fields })));
  const shown = documents.length === 0 ? [] : same.flatMap((other) => other.documents);
  const used = new Set(shown.flatMap(({ document }) => toLeaves(document, isOpen(fields)).filter(([, value]) => isFilled(value))).map(([path]) => path));
  const unused = fields.filter(({ name, type }) => type !== 'constant_keyword' && !never.has(name) && !used.has(name));
  return unused.map(({ name }) => `${folder}: ${name} is declared and stands in no expected document`);
}

function toFieldNames({ fields }: Pick<StreamUnderTest, 'fields'>): readonly string[] {
  return fields.map(({ name, type }) => `${name} ${type}`).toSorted();
}

function findBadDeclarations({ fields, fieldFiles }: StreamUnderTest): readonly string[] {
  const names = fields.map(({ name }) => name);
  const twice = fields.filter(({ name }, index) => names.indexOf(name) !== index).map(({ name, file }) => `${file}: ${name} is declared twice`);
  const silent = fields.filter(({ description }) => description.trim() === '').map(({ name, file }) => `${file}: ${name} has no description`);
  const empty = fieldFiles.filter(({ content }) => !Array.isArray(content) || content.length === 0).map(({ file }) => `${file} holds no field`);
  return [...twice, ...silent, ...empty];
}

function findInline({ fieldFiles }: StreamUnderTest): readonly string[] {
  return fieldFiles.flatMap(({ file, content }) => {
    const inline = (Array.isArray(content) ? content : []).filter(
      ({ name, external }) => external !== 'ecs' && findEcsField(name) !== undefined && !base.has(name),
    );
    return inline.length === 0 ? [] : [`${file} defines ${inline.length} ECS fields itself`];
  });
}

const base = new Map([
  ['data_stream.type', 'constant_keyword'],
  ['data_stream.dataset', 'constant_keyword'],
  ['data_stream.namespace', 'constant_keyword'],
  ['@timestamp', 'date'],
  ['event.module', 'constant_keyword'],
  ['event.dataset', 'constant_keyword'],
]);

function findBase({ folder, fields }: StreamUnderTest): readonly string[] {
  const types = new Map(fields.map(({ name, type }) => [name, type]));
  return [...base].filter(([name, type]) => types.get(name) !== type).map(([name, type]) => `${folder}: ${name} is not declared as ${type}`);
}

/** What Elasticsearch allows where the data stream says nothing. */
const DEFAULT_LIMIT = 1000;

/** Most fields of a data stream that the package format takes. */
const MOST_FIELDS = 2048;

function countMapped(fields: readonly DeclaredField[]): number {
  const objects = new Set(fields.flatMap(({ name }) => [...name.matchAll(/\./g)].map(({ index }) => name.slice(0, index))));
  return fields.reduce((sum, { entry }) => sum + 1 + (Array.isArray(entry.multi_fields) ? entry.multi_fields.length : 0), objects.size);
}

function findTooMany({ folder, manifest, fields }: StreamUnderTest): readonly string[] {
  const limit = Number(manifest.elasticsearch?.index_template?.settings?.index?.mapping?.total_fields?.limit ?? DEFAULT_LIMIT);
  const mapped = countMapped(fields);
  return [
    ...(fields.length > MOST_FIELDS ? [`${folder}: ${fields.length} fields are more than ${MOST_FIELDS}`] : []),
    ...(mapped > limit ? [`${folder}: ${mapped} mapped fields and objects are more than index.mapping.total_fields.limit ${limit}`] : []),
  ];
}

/** Rules on fields files. */
export const fieldRules: readonly Rule[] = [
  { id: 'F1', checks: 'every field of a document is declared', check: onStreams(findUndeclared) },
  {
    id: 'F1',
    checks: 'every declared field stands, non-empty, in an expected document',
    check: ({ streams }) => streams.flatMap((stream) => findUnused(stream, streams)),
  },
  { id: 'F1', checks: 'every field is declared once, with a description; no empty fields file', check: onStreams(findBadDeclarations) },
  { id: 'F2', checks: 'ECS fields are taken by reference (external: ecs)', check: onStreams(findInline) },
  { id: 'F3', checks: 'base fields are declared with their types', check: onStreams(findBase) },
  { id: 'F4', checks: 'fewer fields than the format and the index take', check: onStreams(findTooMany) },
];
