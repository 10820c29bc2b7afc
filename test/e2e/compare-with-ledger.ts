import type { PackageDefinition, StreamDefinition } from '../../src/definition/definition.ts';
import { compileRunner, type RunResult } from '../../src/pipeline/local/compile-runner.ts';
import { differencesOf } from '../pipeline/differences.ts';
import type { ExpectedRecord } from './expected-records.ts';
import type { StoredDocument } from './read-stored.ts';

/** What is stored otherwise than it should be. */
export interface Deviations {
  /** Ids that should be stored. */
  readonly missing: readonly string[];
  /** Ids that nobody expects. */
  readonly unexpected: readonly string[];
  /** Ids stored more than once. */
  readonly doubled: readonly string[];
  /** By id: the paths at which a document is otherwise than the in-process mapping of its record. */
  readonly different: Readonly<Record<string, readonly string[]>>;
}

/** All is as it should be. */
export const NO_DEVIATIONS: Deviations = { missing: [], unexpected: [], doubled: [], different: {} };

/** What was stored, and what should have been. */
export interface Comparison {
  readonly definition: PackageDefinition;
  readonly stream: string;
  /** @default default */
  readonly namespace?: string;
  /** @default forwarded */
  readonly tags?: readonly string[];
  readonly stored: readonly StoredDocument[];
  readonly expected: readonly ExpectedRecord[];
  /** Records that may be stored or not. */
  readonly tolerated?: readonly ExpectedRecord[];
}

const SHOWN = 5;
const MARK = new Date('2001-02-03T04:05:06.789Z');

/** Compares every stored document by id and content; of each kind of deviation the first five. What a declared rule leaves out must not be stored. */
export function compareWithLedger(comparison: Comparison): Deviations {
  const { stored, tolerated = [] } = comparison;
  const map = openMapping(comparison);
  const expected = comparison.expected.filter((record) => map(record).dropped === undefined);
  const known = new Map([...tolerated, ...expected].map((record) => [record.id, record]));
  const ids = stored.map(({ id }) => id);
  const found = new Set(ids);
  return {
    missing: [...new Set(expected.map(({ id }) => id))].filter((id) => !found.has(id)).slice(0, SHOWN),
    unexpected: ids.filter((id) => !known.has(id)).slice(0, SHOWN),
    doubled: findDoubled(ids).slice(0, SHOWN),
    different: Object.fromEntries(findDifferent(comparison, known, map).slice(0, SHOWN)),
  };
}

function findDoubled(ids: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}

type Mapping = (record: ExpectedRecord) => RunResult;

function findDeclared({ definition, stream }: Comparison): StreamDefinition {
  const declared = definition.streams.find(({ name }) => name === stream);
  if (declared === undefined) throw new Error(`no data stream ${stream} is declared`);
  return declared;
}

function openMapping(comparison: Comparison): Mapping {
  const { definition, namespace = 'default', stream, tags = ['forwarded'] } = comparison;
  const run = compileRunner(findDeclared(comparison));
  const dataStream = { type: 'logs', dataset: `${definition.name}.${stream}`, namespace };
  return (record) => run({ message: record.raw, _conf: record.conf, tags, data_stream: dataStream }, MARK);
}

function findDifferent(comparison: Comparison, known: ReadonlyMap<string, ExpectedRecord>, map: Mapping) {
  const declared = findDeclared(comparison);
  return comparison.stored.flatMap(({ id, document }): [string, readonly string[]][] => {
    const record = known.get(id);
    if (record === undefined) return [];
    const paths = differencesOf(declared, { id, document, refusal: undefined }, map(record), MARK);
    return paths.length === 0 ? [] : [[id, paths]];
  });
}
