import type { PackageDefinition } from '../../src/definition/definition.ts';
import type { EngineAddress } from '../elasticsearch/ask-engine.ts';
import type { Capabilities } from '../elasticsearch/engine.ts';
import { compareAnswers, compareSources } from './compare-answers.ts';
import { EngineRefusal, installInMode, type ModeInstallation, type StoredStream } from './logsdb-index.ts';
import type { PackageUnderTest, StreamUnderTest } from './package-under-test.ts';
import type { Row } from './rule.ts';

/** What the check needs. */
export interface LogsdbOptions {
  readonly engine: EngineAddress & { readonly version: string; readonly capabilities: Pick<Capabilities, 'missingFieldTypes'> };
  readonly definition: PackageDefinition;
  readonly tested: PackageUnderTest;
  /** Begin of the names of what is put into the engine for a while, e.g. `conformance_4711`. */
  readonly prefix: string;
}

const shown = { id: 'T8', checks: 'index.mode logsdb: nothing refused, nothing ignored, everything read back, the same answers' };

/**
 * Indexes every expected document by the package's templates in the modes standard and logsdb (synthetic source), reads them back and asks both the same of
 * every declared field. Where the engine knows no logsdb the row says so with its words. Nothing is left in the engine.
 */
export async function checkLogsdb({ engine, definition, tested, prefix }: LogsdbOptions): Promise<Row> {
  const installations: ModeInstallation[] = [];
  const install = async (mode: 'standard' | 'logsdb'): Promise<ModeInstallation> => {
    const installation = await installInMode({ engine, definition, mode, name: `${prefix}_${mode}` });
    installations.push(installation);
    return installation;
  };
  try {
    const standard = await install('standard');
    const logsdb = await install('logsdb').catch((error: unknown) => toRefusal(error));
    if (typeof logsdb === 'string') return owe(engine.version, logsdb);
    return await compare(tested.streams, { standard, logsdb, version: engine.version });
  } finally {
    for (const { close } of installations) await close();
  }
}

function toRefusal(error: unknown): string {
  if (error instanceof EngineRefusal) return error.message;
  throw error;
}

function owe(version: string, why: string): Row {
  return { ...shown, result: 'owed', notes: [`Elasticsearch ${version} as it stands here has no logsdb (${why}): run it on one that has.`] };
}

interface Modes {
  readonly standard: ModeInstallation;
  readonly logsdb: ModeInstallation;
  readonly version: string;
}

async function compare(streams: readonly StreamUnderTest[], { standard, logsdb, version }: Modes): Promise<Row> {
  const filled = streams.filter(({ expected }) => expected.length > 0);
  const faults: string[] = [];
  for (const stream of filled) {
    const [plain, synthetic] = [await standard.store(stream), await logsdb.store(stream)];
    if (synthetic.settings.mode !== 'logsdb') return owe(version, `index.mode is ${synthetic.settings.mode}`);
    faults.push(...findFaults(stream, plain, synthetic), ...(await compareAnswers(stream, plain, synthetic)));
  }
  const documents = filled.reduce((sum, { expected }) => sum + expected.length, 0);
  const fields = filled.reduce((sum, { fields: declared }) => sum + declared.length, 0);
  const note = `${documents} documents, ${fields} fields asked of both, on Elasticsearch ${version}`;
  return { ...shown, result: faults.length === 0 ? 'ok' : 'fault', notes: faults.length === 0 ? [note] : faults };
}

function findFaults(stream: StreamUnderTest, plain: StoredStream, synthetic: StoredStream): readonly string[] {
  const modes = [
    ['standard', plain],
    ['logsdb', synthetic],
  ] as const;
  return [
    ...(synthetic.settings.source === 'synthetic' ? [] : [`${stream.folder}: the source is ${synthetic.settings.source}, not synthetic`]),
    ...modes.flatMap(([mode, { refused, hits }]) => [
      ...refused.map((refusal) => `refused in mode ${mode}: ${refusal}`),
      ...[...hits].flatMap(([id, { ignored }]) => ignored.map((field) => `${stream.expected[Number(id)]?.label}: ${field} is ignored in mode ${mode}`)),
    ]),
    ...compareSources(stream, synthetic),
  ];
}
