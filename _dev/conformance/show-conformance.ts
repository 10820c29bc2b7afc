import { join } from 'node:path';
import { apiFacts } from '../../src/cloudflare/api-facts.ts';
import type { PackageDefinition } from '../../src/definition/definition.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { type BuiltPackage, buildPackage } from '../../src/package/build-package.ts';
import type { EngineRequest } from '../elasticsearch/engine.ts';
import { NoElasticsearchError, type ProvidedElasticsearch, provideElasticsearch } from '../elasticsearch/provide-elasticsearch.ts';
import { checkLogsdb } from './check-logsdb.ts';
import { exceptions } from './exceptions.ts';
import { judgePackage } from './judge-package.ts';
import { rules } from './list-rules.ts';
import { owed } from './owed.ts';
import { loadFiles, type PackageUnderTest, readPackage } from './package-under-test.ts';
import { renderReport } from './render-report.ts';
import type { Row } from './rule.ts';
import { type Referee, runElasticPackage, runPipelineTests } from './run-elastic-package.ts';

/** What a run needs. */
export interface ConformanceOptions {
  readonly projectFolder: string;
  /** An empty folder; the caller removes it. */
  readonly folder: string;
  /** Path of elastic-package; without it, what it would do is left out. */
  readonly elasticPackage: string | undefined;
  readonly env: EngineRequest['env'];
  /** Takes one line of progress. */
  readonly log: (line: string) => void;
}

/** What came of it. */
export interface Conformance {
  readonly report: string;
  readonly faults: number;
  readonly leftOut: number;
}

const noTool = 'ELASTIC_PACKAGE is not set: set it to the path of elastic-package (0.126 or newer).';

interface Built {
  readonly definition: PackageDefinition;
  readonly built: BuiltPackage;
  readonly tested: PackageUnderTest;
}

function leaveOut(id: string, checks: string, why: string): Row {
  return { id, checks, result: 'left out', notes: [why] };
}

/**
 * Builds the package, judges it by every rule, has elastic-package judge it, and runs the mappings in mode logsdb.
 * @throws DefinitionError for declarations that cannot be built
 */
export async function showConformance(options: ConformanceOptions): Promise<Conformance> {
  const definition = await readDefinition(options.projectFolder);
  const built = await buildPackage(definition, { projectFolder: options.projectFolder, outFolder: join(options.folder, 'out'), api: apiFacts });
  const tested = readPackage(loadFiles(built.sourceFolder));
  const rows = [...judgePackage(tested, { rules, exceptions, owed }), ...(await judgeByTools({ definition, built, tested }, options))];
  const count = (result: Row['result']): number => rows.filter((row) => row.result === result).length;
  return { report: renderReport(rows), faults: count('fault'), leftOut: count('left out') };
}

async function judgeByTools(package_: Built, options: ConformanceOptions): Promise<readonly Row[]> {
  const { definition, built } = package_;
  const referee =
    options.elasticPackage === undefined
      ? undefined
      : { program: options.elasticPackage, ...built, version: definition.version, folder: join(options.folder, 'copies') };
  if (referee === undefined) options.log(noTool);
  const names = 'elastic-package lint, check, build and test static';
  const offline = referee === undefined ? [leaveOut('lint', names, noTool)] : await runElasticPackage(referee, definition.streams.length);
  return [...offline, ...(await judgeOnEngine(package_, referee, options))];
}

async function openEngine({ env, log }: ConformanceOptions): Promise<ProvidedElasticsearch | string> {
  try {
    return await provideElasticsearch({ env, log });
  } catch (error) {
    if (error instanceof NoElasticsearchError) return error.message;
    throw error;
  }
}

async function judgeOnEngine({ definition, tested }: Built, referee: Referee | undefined, options: ConformanceOptions): Promise<readonly Row[]> {
  const engine = await openEngine(options);
  const names = 'elastic-package test pipeline, every fixture';
  if (typeof engine === 'string') return [leaveOut('pipeline', names, engine), leaveOut('T8', 'index.mode logsdb', engine)];
  try {
    const logsdb = await checkLogsdb({ engine, definition, tested, prefix: `conformance_${Date.now().toString(36)}` });
    if (referee === undefined) return [logsdb, leaveOut('pipeline', names, noTool)];
    if (!engine.capabilities.ingest) return [logsdb, leaveOut('pipeline', names, `this Elasticsearch has no ingest processors (${engine.why})`)];
    const fixtures = tested.streams.flatMap((stream) => stream.fixtures);
    return [logsdb, await runPipelineTests(referee, engine, fixtures.length)];
  } finally {
    await engine.stop();
  }
}
