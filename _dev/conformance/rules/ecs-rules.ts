import { isDeepStrictEqual } from 'node:util';
import { ecsVersion, findEcsField } from '../../../src/definition/ecs.ts';
import { isFilled, listAt, toLeaves, valueAt } from '../documents.ts';
import type { Data, PackageUnderTest, StreamUnderTest } from '../package-under-test.ts';
import type { Rule } from '../rule.ts';

type Find = (document: Data) => readonly string[];

/** Looks at every expected document and sample event; a fault is said with where it stands. */
function onDocuments(find: Find): Rule['check'] {
  return ({ streams }) => streams.flatMap(({ documents }) => documents.flatMap(({ label, document }) => find(document).map((fault) => `${label}: ${fault}`)));
}

const findKind: Find = (document) => {
  const kind = valueAt(document, 'event.kind');
  return kind === 'signal' || kind === 'alert' ? [`event.kind is ${kind}; nothing here waits for a person`] : [];
};

/** Fields whose values ECS lists. */
const listed = ['event.kind', 'event.category', 'event.type', 'event.outcome'];

/** Which of them are lists. */
const categorised = new Set(['event.category', 'event.type']);

const findValues: Find = (document) =>
  listed.flatMap((field) => {
    const known = (findEcsField(field)?.allowed_values ?? []).map(({ name }) => name);
    const wrong = listAt(document, field).filter((value) => !known.includes(String(value)));
    const scalar = categorised.has(field) && valueAt(document, field) !== undefined && !Array.isArray(valueAt(document, field));
    return [...wrong.map((value) => `${field} is ${String(value)}, which ECS does not list`), ...(scalar ? [`${field} is no list`] : [])];
  });

const findPairs: Find = (document) => {
  const categories = listAt(document, 'event.category');
  const known = findEcsField('event.category')?.allowed_values ?? [];
  const types = known.filter(({ name }) => categories.includes(name)).flatMap(({ expected_event_types: expected = [] }) => expected);
  const wrong = listAt(document, 'event.type').filter((type) => categories.length > 0 && !types.includes(String(type)));
  return wrong.map((type) => `event.type ${String(type)} does not go with event.category ${categories.join(', ')}`);
};

const findDenied: Find = (document) => {
  const denied = listAt(document, 'event.type').includes('denied') && listAt(document, 'event.type').includes('allowed');
  const failed = listAt(document, 'event.type').includes('denied') && valueAt(document, 'event.outcome') === 'failure' && isNetwork(document);
  return [
    ...(denied ? ['event.type is allowed and denied at once'] : []),
    ...(failed ? ['a request that was denied as wanted has event.outcome failure'] : []),
  ];
};

/** For a login `denied` is the failure itself; only where a control stands in the way of traffic did the control do its job. */
function isNetwork(document: Data): boolean {
  return listAt(document, 'event.category').some((category) => category === 'network' || category === 'intrusion_detection');
}

const findReferences: Find = (document) =>
  toLeaves(document)
    .filter(([path]) => path === 'reference' || path.endsWith('.reference'))
    .filter(([, value]) => !/^https?:\/\/[^\s/]+/.test(String(value)))
    .map(([path, value]) => `${path} is no URL: ${String(value)}`);

const findHost: Find = (document) =>
  ['host.name', 'host.domain', 'host.hostname'].filter((field) => isFilled(valueAt(document, field))).map((field) => `${field} is set`);

const findLabels: Find = (document) => (isFilled(document.labels) ? ['labels are set'] : []);

const twins = [
  ['client', 'source'],
  ['server', 'destination'],
] as const;

/** A copy says nothing where it says the same in every document. */
function findCopies({ folder, expected }: StreamUnderTest): readonly string[] {
  return twins.flatMap(([copy, original]) => {
    const pairs = expected.map(({ document }) => [document[copy], document[original]]).filter(([first]) => isFilled(first));
    const same = pairs.every(([first, second]) => toLeaves(first).every(([path, value]) => isDeepStrictEqual(valueAt(second, path), value)));
    return pairs.length > 0 && same ? [`${folder}: ${copy}.* repeats ${original}.* in every document`] : [];
  });
}

const findRelated: Find = (document) => {
  const related = Object.entries<Data>(document.related ?? {});
  const twice = related
    .filter(([, values]) => Array.isArray(values) && new Set(values).size < values.length)
    .map(([name]) => `related.${name} has a value twice`);
  const left = (field: string, into: string): readonly string[] =>
    listAt(document, field)
      .filter((value) => isFilled(value) && !listAt(document, into).includes(value))
      .map(() => `${field} is not in ${into}`);
  const addresses = ['source.ip', 'destination.ip', 'client.ip', 'server.ip'].flatMap((field) => left(field, 'related.ip'));
  const users = ['user.name', 'user.email', 'user.target.email'].flatMap((field) => left(field, 'related.user'));
  const hosts = ['url.domain', 'source.domain', 'destination.domain', 'client.domain', 'server.domain'].flatMap((field) => left(field, 'related.hosts'));
  const hashes = ['tls.client.ja3', 'tls.client.hash.sha256'].flatMap((field) => left(field, 'related.hash'));
  return [...twice, ...addresses, ...users, ...hosts, ...hashes];
};

const findBasics: Find = (document) => {
  const version = valueAt(document, 'ecs.version');
  const severity = valueAt(document, 'event.severity');
  const created = valueAt(document, 'event.created');
  return [
    ...(version === ecsVersion ? [] : [`ecs.version is ${String(version)}, not ${ecsVersion}`]),
    ...(severity === undefined || typeof severity === 'number' ? [] : ['event.severity is no number']),
    ...(created === undefined || Date.parse(String(created)) >= Date.parse(document['@timestamp']) ? [] : ['event.created lies before @timestamp']),
    ...findRelated(document),
  ];
};

function findIndexedOriginal({ streams }: PackageUnderTest): readonly string[] {
  return streams.flatMap(({ fields }) =>
    fields
      .filter(({ name, entry }) => name === 'event.original' && (entry.index !== false || entry.doc_values !== false))
      .map(({ file }) => `${file}: event.original is indexed`),
  );
}

const findScalars: Find = (document) => {
  const paths = new Set(toLeaves(document).map(([path]) => path));
  const lists = [...paths].filter((path) => !categorised.has(path) && findEcsField(path)?.normalize.includes('array'));
  return lists.filter((path) => valueAt(document, path) !== undefined && !Array.isArray(valueAt(document, path))).map((path) => `${path} is no list`);
};

/** Rules on what documents say in terms of ECS. */
export const ecsRules: readonly Rule[] = [
  { id: 'E1', checks: 'no event.kind signal, and no alert that waits for nobody', check: onDocuments(findKind) },
  { id: 'E2', checks: 'event.category and event.type are lists of values that ECS has', check: onDocuments(findValues) },
  { id: 'E3', checks: 'every event.type goes with one of the event.category beside it', check: onDocuments(findPairs) },
  { id: 'E4', checks: 'a request that was blocked is denied and no failure', check: onDocuments(findDenied) },
  { id: 'E5', checks: 'references are URLs', check: onDocuments(findReferences) },
  { id: 'E6', checks: 'host.name and host.domain are left to the agent', check: onDocuments(findHost) },
  {
    id: 'E7',
    checks: 'no labels, and no field set that only repeats another',
    check: (tested) => [...onDocuments(findLabels)(tested), ...tested.streams.flatMap(findCopies)],
  },
  {
    id: 'E8',
    checks: 'ecs.version, order of times, event.severity, event.original not indexed, related.* complete and without doubles',
    check: (tested) => [...onDocuments(findBasics)(tested), ...findIndexedOriginal(tested)],
  },
  { id: 'E9', checks: 'fields that ECS has as lists are lists', check: onDocuments(findScalars) },
];
