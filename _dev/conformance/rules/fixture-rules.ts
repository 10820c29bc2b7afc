import { isDeepStrictEqual } from 'node:util';
import { load } from 'js-yaml';
import { isFilled, listAt, toLeaves, valueAt } from '../documents.ts';
import type { Data, PackageUnderTest, StreamUnderTest } from '../package-under-test.ts';
import type { Rule } from '../rule.ts';
import { isForeignIp } from './allowed-ips.ts';

type Check = Rule['check'];

function findFixtures({ folder, fixtures, expected, manifest }: StreamUnderTest): readonly string[] {
  const unpaired = fixtures.filter(({ events, expected: found }) => found?.content.expected?.length !== events.length);
  const kinds = new Set(expected.map(({ document }) => JSON.stringify([listAt(document, 'event.category'), listAt(document, 'event.type')])));
  const needed = (manifest.streams ?? []).length > 0 ? 2 : 1;
  return [
    ...(fixtures.length === 0 ? [`${folder} has no pipeline test`] : []),
    ...unpaired.map(({ file }) => `${file} has no expected document for every event`),
    ...(fixtures.length > 0 && kinds.size < needed ? [`${folder}: all fixtures are of one category and type`] : []),
  ];
}

const findErrors: Check = ({ streams }) =>
  streams.flatMap(({ documents }) =>
    documents.filter(({ document }) => isFilled(valueAt(document, 'error.message'))).map(({ label }) => `${label} holds error.message`),
  );

/** The values of an event, also those in a text that is JSON itself, as the record is, and in it sometimes a value. */
function toTexts(content: Data, path = ''): readonly (readonly [path: string, text: string])[] {
  return toLeaves(content).flatMap(([below, value]) => {
    if (typeof value !== 'string') return [];
    const at = [path, below].filter((part) => part !== '').join('.');
    const parsed = parseJson(value);
    return parsed === undefined ? [[at, value] as const] : toTexts(parsed, at);
  });
}

function parseJson(text: string): Data {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const findAddresses: Check = ({ streams }) => {
  const places = streams.flatMap(({ documents, fixtures }) => [
    ...documents.map(({ label, document }) => ({ label, content: document })),
    ...fixtures.flatMap(({ file, events }) => events.map((event, index) => ({ label: `${file}[${index}]`, content: event }))),
  ]);
  const found = places.flatMap(({ label, content }) =>
    toTexts(content)
      .filter(([, text]) => isForeignIp(text))
      .map(([path, text]) => `${label}: ${path} is ${text}, an address of somebody's`),
  );
  return [...new Set(found)];
};

/** A stream that an agent collects has a system test, or says why there is none yet and where that is followed. */
function findSystemTests({ folder, programs }: StreamUnderTest, { files }: PackageUnderTest): readonly string[] {
  if (programs.length === 0) return [];
  const tests = [...files].filter(([path]) => path.startsWith(`${folder}_dev/test/system/test-`) && path.endsWith('-config.yml'));
  const silent = tests.filter(([, text]) => {
    const { skip } = load(text) as Data;
    return skip !== undefined && !(skip?.reason && /^https:\/\//.test(skip.link ?? ''));
  });
  return [...(tests.length === 0 ? [`${folder} has no system test`] : []), ...silent.map(([path]) => `${path} is skipped without reason and link`)];
}

function findSampleFaults({ manifest: { name } }: PackageUnderTest, { name: stream, sample }: StreamUnderTest): readonly string[] {
  if (sample === undefined) return [];
  const { label, document } = sample;
  const dataset = `${name}.${stream}`;
  const wanted = { 'data_stream.dataset': dataset, 'event.dataset': dataset, 'data_stream.type': 'logs', 'event.module': name };
  return Object.entries(wanted)
    .filter(([path, value]) => !isDeepStrictEqual(valueAt(document, path), value))
    .map(([path, value]) => `${label}: ${path} is not ${value}`);
}

const findBenchmarks: Check = ({ files, streams }) =>
  streams
    .filter(({ folder, pipelines }) => pipelines.length > 0 && ![...files.keys()].some((path) => path.startsWith(`${folder}_dev/benchmark/pipeline/`)))
    .map(({ folder }) => `${folder} has no _dev/benchmark/pipeline`);

/** A number of JSON would come back as a float. What a cursor takes from the state has to be text there. */
function isText(cursor: string, program: string): boolean {
  if (/\b(int|double|float)\(/.test(cursor)) return false;
  const [, kept] = /\bstate\.(\w+)\[/.exec(cursor) ?? [];
  return kept === undefined ? cursor.includes('string(') : new RegExp(`"${kept}": [^\\n]*\\bstring\\(`).test(program);
}

/** What an Elastic Agent program must hold so that it neither stalls nor floods. */
const findStalls: Check = ({ streams }) =>
  streams
    .flatMap(({ programs }) => programs)
    .flatMap(({ file, text }) => {
      const cursors = [...text.matchAll(/"cursor": *((?:cursor\.with\(|\{)[^\n]+)/g)].map(([, cursor]) => String(cursor));
      const numbers = cursors.filter((cursor) => !isText(cursor, text));
      return [
        ...(cursors.length === 0 ? [`${file} keeps no cursor`] : []),
        ...numbers.map((cursor) => `${file}: the cursor is not kept as text: ${cursor}`),
        ...(text.includes('Retry-After') ? [] : [`${file} does not wait as Retry-After asks`]),
        ...(/size\([^)]*\) == 0 \? *\[\{/.test(text) ? [] : [`${file} publishes nothing for an empty answer, so that the cursor would stay`]),
      ];
    });

/** Rules on tests and on what they hold. */
export const fixtureRules: readonly Rule[] = [
  { id: 'T1', checks: 'pipeline tests of several kinds, each event with its expected document', check: ({ streams }) => streams.flatMap(findFixtures) },
  { id: 'T2', checks: 'no expected document holds error.message', check: findErrors },
  { id: 'T3', checks: "addresses of fixtures are those of Elastic's test databases, private, or for documentation", check: findAddresses },
  {
    id: 'T4',
    checks: 'a system test for every data stream of the agent, or why it is skipped',
    check: (tested) => tested.streams.flatMap((stream) => findSystemTests(stream, tested)),
  },
  {
    id: 'T6',
    checks: 'sample events name their data stream and module',
    check: (tested) => tested.streams.flatMap((stream) => findSampleFaults(tested, stream)),
  },
  { id: 'T7', checks: 'a pipeline benchmark for every data stream (optional)', check: findBenchmarks },
  { id: 'T9', checks: 'Elastic Agent programs: cursor as text, moved by an empty answer, Retry-After obeyed', check: findStalls },
];
