import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StreamDefinition } from '../../src/definition/definition.ts';
import type { Step } from '../../src/pipeline/step.ts';
import { toSteps } from '../../src/pipeline/to-steps.ts';
import { parseTree, type Tree } from './tree.ts';

/** What the events of a stream are made from. */
export interface EventSeeds {
  /** Records of the stream's fixtures, with the `_conf` they came with. */
  readonly records: readonly { readonly tree: Tree; readonly conf: unknown }[];
  /** Every path of the record that the stream's declarations read. */
  readonly paths: readonly (readonly string[])[];
  /** Texts that the declarations know: absent and replaced values, values and words of conditions. */
  readonly texts: readonly string[];
  /** Names of the variables that switch rules off and on. */
  readonly switches: readonly string[];
}

/**
 * Reads the fixtures of a declared stream and what its declarations look at.
 * @throws Error for a stream without a fixture
 */
export async function readSeeds(project: string, stream: StreamDefinition): Promise<EventSeeds> {
  const folder = join(project, 'data_stream', stream.name, '_dev/test/pipeline');
  const names = (await readdir(folder)).filter((name) => /^test-.*\.json$/.test(name));
  const events = (await Promise.all(names.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as Fixture))).flatMap(
    ({ events: listed = [] }) => listed,
  );
  const records = events.flatMap(({ message, _conf: conf }) => {
    const tree = parseTree(String(message));
    return tree === undefined ? [] : [{ tree, conf }];
  });
  if (records.length === 0) throw new Error(`data_stream/${stream.name} has no fixture to make events from`);
  const steps = toSteps(stream);
  const paths = [...new Set(steps.flatMap(pathsOf))].filter((path) => !path.startsWith('_conf.')).map((path) => path.split('.'));
  return {
    records,
    paths,
    texts: [...new Set(textsOf([stream.fields, stream.rules, stream.drops]))],
    switches: [...new Set(stream.drops.map(({ variable }) => variable))],
  };
}

interface Fixture {
  readonly events?: readonly { readonly message?: unknown; readonly _conf?: unknown }[];
}

function pathsOf(step: Step): readonly string[] {
  switch (step.kind) {
    case 'id':
      return step.sources.flatMap(({ time, tuple }) => (time === undefined ? tuple : [time, ...tuple]));
    case 'convert':
      return step.from;
    case 'duration':
      return [step.start, step.end];
    case 'point':
      return [step.lat, step.lon];
    default:
      return [];
  }
}

/** Scalars below the keys that hold values to compare with. */
function textsOf(declared: unknown, isValue = false): readonly string[] {
  if (typeof declared === 'string' || typeof declared === 'number' || typeof declared === 'boolean') return isValue ? [JSON.stringify(declared)] : [];
  if (Array.isArray(declared)) return declared.flatMap((item) => textsOf(item, isValue));
  if (typeof declared !== 'object' || declared === null) return [];
  return Object.entries(declared).flatMap(([key, child]) => [
    ...(key === 'values' && !Array.isArray(child) ? Object.keys(child as object).map((text) => JSON.stringify(text)) : []),
    ...textsOf(child, isValue || ['value', 'values', 'absent', 'words', 'below', 'atLeast', 'groups'].includes(key)),
  ]);
}
