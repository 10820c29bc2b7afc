import type { PackageDefinition } from '../../src/definition/definition.ts';
import { toArtefacts } from '../../src/package/to-artefacts.ts';
import { toNearestArtefacts } from '../demo/to-nearest-artefacts.ts';
import { askEngine, type EngineAddress, type EngineQuestion } from '../elasticsearch/ask-engine.ts';
import type { Capabilities } from '../elasticsearch/engine.ts';
import type { Data, StreamUnderTest } from './package-under-test.ts';

/** How an index keeps its documents; `logsdb` makes the source anew from the fields. */
export type IndexMode = 'standard' | 'logsdb';

/** What came back of the documents of one data stream. */
export interface StoredStream {
  /** Documents that were refused, and why. */
  readonly refused: readonly string[];
  /** By id: what is read back, and which fields were ignored. */
  readonly hits: ReadonlyMap<string, { readonly source: Data; readonly ignored: readonly string[] }>;
  readonly settings: { readonly mode: string; readonly source: string };
  /** Asks a search of this data stream alone. */
  readonly search: (body: Data) => Promise<Data>;
}

/** The templates of a package under another name, in one mode; nothing of them is left after `close`. */
export interface ModeInstallation {
  readonly store: (stream: StreamUnderTest) => Promise<StoredStream>;
  readonly close: () => Promise<void>;
}

/** The engine refused what an index needs; the message has its own words. */
export class EngineRefusal extends Error {}

/** Documents sent at a time. */
const AT_ONCE = 8;

/** Most documents of one answer. */
const MOST_HITS = 10_000;

interface InstallOptions {
  readonly engine: EngineAddress & { readonly capabilities: Pick<Capabilities, 'missingFieldTypes'> };
  readonly definition: PackageDefinition;
  readonly mode: IndexMode;
  /** Name in place of the package's; a name nobody else uses. */
  readonly name: string;
}

/**
 * Puts the package's templates under another name; the mode comes by the `@custom` component template, as a user would set it.
 * @throws EngineRefusal
 */
export async function installInMode({ engine, definition, mode, name }: InstallOptions): Promise<ModeInstallation> {
  const { componentTemplates, indexTemplates } = toNearestArtefacts(toArtefacts({ ...definition, name }, { pipeline: 'edge' }), engine.capabilities);
  const custom = { [`${name}@custom`]: { template: { settings: { index: { mode, number_of_replicas: 0 } } } } };
  const ask = async (question: EngineQuestion): Promise<Data> => {
    const { status, body } = await askEngine(engine, { timeoutMs: 60_000, ...question });
    if (status >= 300) throw new EngineRefusal(`${question.method ?? 'GET'} ${question.path}: ${status} ${JSON.stringify(body)?.slice(0, 600)}`);
    return body;
  };
  const components = Object.entries({ ...custom, ...componentTemplates });
  const templates = Object.entries(indexTemplates);
  const close = async (): Promise<void> => {
    const paths = [
      ...templates.map(([template]) => `/_data_stream/${template}-default`),
      ...templates.map(([template]) => `/_index_template/${template}`),
      ...components.map(([component]) => `/_component_template/${component}`),
    ];
    for (const path of paths) await askEngine(engine, { method: 'DELETE', path });
  };
  try {
    for (const [component, body] of components) await ask({ method: 'PUT', path: `/_component_template/${component}`, body });
    for (const [template, body] of templates) await ask({ method: 'PUT', path: `/_index_template/${template}`, body });
  } catch (error) {
    await close();
    throw error;
  }
  return { store: (stream) => storeDocuments(stream, { ask, engine, dataStream: `logs-${name}.${stream.name}-default` }), close };
}

interface StoreOptions {
  readonly ask: (question: EngineQuestion) => Promise<Data>;
  readonly engine: EngineAddress;
  readonly dataStream: string;
}

async function storeDocuments({ expected }: StreamUnderTest, { ask, engine, dataStream }: StoreOptions): Promise<StoredStream> {
  const refused: string[] = [];
  const send = async (index: number): Promise<void> => {
    const { label, document } = expected[index] ?? { label: '', document: {} };
    const { status, body } = await askEngine(engine, {
      method: 'PUT',
      path: `/${dataStream}/_create/${index}?pipeline=_none`,
      body: document,
      timeoutMs: 60_000,
    });
    const answer = body as Data;
    if (status >= 300 || answer?.failure_store === 'used') refused.push(`${label}: ${status} ${JSON.stringify(answer?.error ?? answer)?.slice(0, 400)}`);
  };
  // The first write makes the data stream.
  await send(0);
  for (let from = 1; from < expected.length; from += AT_ONCE) {
    await Promise.all([...expected.keys()].slice(from, from + AT_ONCE).map(send));
  }
  await ask({ method: 'POST', path: `/${dataStream}/_refresh` });
  const search = (body: Data): Promise<Data> => ask({ method: 'POST', path: `/${dataStream}/_search`, body });
  const found: readonly Data[] = (await search({ size: MOST_HITS })).hits.hits;
  const hits = new Map(found.map(({ _id, _source, _ignored }) => [_id, { source: _source, ignored: _ignored ?? [] }]));
  return { refused, hits, settings: toSettings(await ask({ path: `/${dataStream}/_settings?include_defaults=true&flat_settings=true` })), search };
}

function toSettings(answer: Data): StoredStream['settings'] {
  const [{ settings = {}, defaults = {} } = {}] = Object.values<Data>(answer);
  const read = (name: string): string => String(settings[name] ?? defaults[name] ?? 'unknown').toLowerCase();
  return { mode: read('index.mode'), source: read('index.mapping.source.mode') };
}
