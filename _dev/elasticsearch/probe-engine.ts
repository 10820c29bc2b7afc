import { askEngine, type EngineAddress } from './ask-engine.ts';
import { type Capabilities, EngineFailure } from './engine.ts';
import { nearestTypes } from './to-nearest-types.ts';

/** What asking an engine tells about it. */
export interface ProbedEngine {
  /** E.g. `9.2.0`. */
  readonly version: string;
  readonly capabilities: Capabilities;
}

const setA = { pipeline: { processors: [{ set: { field: 'a', value: 1 } }] }, docs: [{ _source: {} }] };
const needed: Readonly<Record<string, unknown>> = { scaled_float: { scaling_factor: 100 } };

async function readVersion(address: EngineAddress): Promise<string> {
  const { body } = await askEngine(address, { path: '/_nodes?filter_path=nodes.*.version' });
  const nodes = (body as { readonly nodes?: Readonly<Record<string, { readonly version?: string }>> } | undefined)?.nodes ?? {};
  const version = Object.values(nodes)[0]?.version;
  if (version === undefined) {
    throw new EngineFailure(`${address.url} does not tell its version (GET /_nodes); is it an Elasticsearch, and may the user monitor it?`);
  }
  return version;
}

/** Whether a template would be taken; nothing is stored. */
async function takesTemplate(address: EngineAddress, template: unknown): Promise<boolean> {
  const body = { index_patterns: ['development-probe-*'], priority: 1_000_000, template };
  return (await askEngine(address, { method: 'POST', path: '/_index_template/_simulate', body })).status === 200;
}

async function findMissingFieldTypes(address: EngineAddress): Promise<readonly string[]> {
  const types = Object.keys(nearestTypes);
  const toField = (type: string) => ({ type, ...(needed[type] as object | undefined) });
  const takes = (names: readonly string[]) =>
    takesTemplate(address, { mappings: { properties: Object.fromEntries(names.map((type) => [type, toField(type)])) } });
  if (await takes(types)) {
    return [];
  }
  const answers = await Promise.all(types.map(async (type) => ({ type, taken: await takes([type]) })));
  return answers.filter(({ taken }) => !taken).map(({ type }) => type);
}

/**
 * Asks an engine what it is and what it can do. Nothing is written.
 *
 * @throws EngineFailure where it does not tell its version.
 */
export async function probeEngine(address: EngineAddress): Promise<ProbedEngine> {
  const version = await readVersion(address);
  const status = async (path: string): Promise<number> => (await askEngine(address, { path })).status;
  const [simulated, dataStreams, root, stackTemplate, lifecycle, missingFieldTypes] = await Promise.all([
    askEngine(address, { method: 'POST', path: '/_ingest/pipeline/_simulate', body: setA }),
    status('/_data_stream'),
    status('/'),
    status('/_component_template/ecs@mappings'),
    takesTemplate(address, { settings: { 'index.lifecycle.name': 'logs' } }),
    findMissingFieldTypes(address),
  ]);
  const capabilities = {
    ingest: simulated.status === 200,
    dataStreamApi: dataStreams === 200,
    rootApi: root === 200,
    stackTemplates: stackTemplate === 200,
    lifecycle,
    missingFieldTypes,
  };
  return { version, capabilities };
}
