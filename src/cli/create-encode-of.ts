import type { CollectedRecord, Partition } from '../collect/ports.ts';
import type { PackageDefinition, SourceDefinition, StreamDefinition } from '../definition/definition.ts';
import { createEdgeEncode, createServerEncode, type Encode, type Envelope } from '../elasticsearch/encode.ts';
import { COLLECTOR_STREAM } from '../elasticsearch/gap-writer.ts';
import { compileDropTest } from '../pipeline/local/compile-drop-test.ts';
import { compileRunner, type Runner, stringifyDocument } from '../pipeline/local/compile-runner.ts';
import type { LookUps } from '../pipeline/look-ups.ts';
import type { ConnectionSettings, ElasticsearchSettings } from '../settings/settings.ts';

/** The declared stream of a name. */
export function findStream({ streams }: PackageDefinition, name: string): StreamDefinition {
  const found = streams.find((stream) => stream.name === name);
  if (found === undefined) throw new Error(`no data stream ${name} is declared`);
  return found;
}

/** The declared source that a partition reads from. */
export function findSource(definition: PackageDefinition, { stream, source }: Partition): SourceDefinition {
  const found = findStream(definition, stream).sources.find(({ name }) => name === source);
  if (found === undefined) throw new Error(`${stream} declares no source ${source}`);
  return found;
}

interface EncodeOptions {
  readonly definition: PackageDefinition;
  /** Where events are mapped. */
  readonly pipeline: ElasticsearchSettings['pipeline'];
  /** The connection of a name, as it is now. */
  readonly findConnection: (name: string) => ConnectionSettings | undefined;
  /** What mapping in this process can look up. */
  readonly lookUps: LookUps;
}

/** Makes the encoding of a partition's records: in wire form for Elasticsearch's pipeline, or mapped in this process. */
export function createEncodeOf({ definition, pipeline, findConnection, lookUps }: EncodeOptions): (partition: Partition) => Encode {
  const runners = new Map<string, Runner>();
  const runnerOf = (stream: string): Runner => {
    const runner = runners.get(stream) ?? compileRunner(findStream(definition, stream), lookUps);
    runners.set(stream, runner);
    return runner;
  };
  const dropTests = new Map(definition.streams.map((stream) => [stream.name, compileDropTest(stream)]));
  return (partition) => {
    const envelope = toEnvelope(partition, { definition, findConnection });
    const { conf, tags, dataStream } = envelope;
    if (pipeline === 'server') {
      const test = dropTests.get(partition.stream);
      return createServerEncode(envelope, test && (({ raw, conf: own }) => test(raw.toString('utf8'), { ...own, ...conf })));
    }
    const run = runnerOf(partition.stream);
    return createEdgeEncode(({ raw, conf: own }: CollectedRecord) => {
      const { document, dropped } = run({ message: raw.toString('utf8'), _conf: { ...own, ...conf }, tags, data_stream: dataStream }, new Date());
      return dropped === undefined ? stringifyDocument(document) : { dropped };
    });
  };
}

function toEnvelope(partition: Partition, { definition, findConnection }: Pick<EncodeOptions, 'definition' | 'findConnection'>): Envelope {
  const { connection, namespace, stream, source, scopeId } = partition;
  const settings = findConnection(connection)?.streams.find((candidate) => candidate.stream === stream);
  const scope = stream === COLLECTOR_STREAM ? undefined : findSource(definition, partition).scope;
  return {
    conf: { source, ...(scope === undefined ? {} : { [`${scope}_id`]: scopeId }), ...settings?.sent },
    tags: settings?.tags ?? [],
    dataStream: { type: 'logs', dataset: `${definition.name}.${stream}`, namespace },
  };
}
