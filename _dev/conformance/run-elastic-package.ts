import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineAddress } from '../elasticsearch/ask-engine.ts';
import { openCopy, type PackageCopy } from './open-copy.ts';
import { readContents } from './read-tree.ts';
import { type Row, toRow } from './rule.ts';

/** The newest format whose rules the package meets, although it declares an older one that more Kibanas know. */
export const NEWEST_FORMAT = '3.6.0';

/** A built package and what judges it. */
export interface Referee {
  /** Path of elastic-package. */
  readonly program: string;
  /** The source form. */
  readonly sourceFolder: string;
  /** The built form, which elastic-package has to build as well. */
  readonly packageFolder: string;
  readonly version: string;
  /** An empty folder for copies. */
  readonly folder: string;
}

/** How many tests elastic-package's table says passed. */
function countPassed(output: string): number {
  return output.match(/ PASS /g)?.length ?? 0;
}

function openNamed(referee: Referee, name: string): PackageCopy {
  return openCopy(referee.program, referee.sourceFolder, join(referee.folder, name), referee.version);
}

async function toFaults(act: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await act();
  } catch (error) {
    return [error instanceof Error ? error.message.trim() : String(error)];
  }
}

/** Which files of two folders differ, one sentence each. */
export function compareFolders(theirs: string, ours: string): readonly string[] {
  const [left, right] = [readContents(theirs), readContents(ours)];
  const paths = [...new Set([...Object.keys(left), ...Object.keys(right)])].toSorted();
  return paths
    .filter((path) => left[path] !== right[path])
    .map((path) => (left[path] === undefined ? `${path} is ours only` : right[path] === undefined ? `${path} is theirs only` : `${path} differs`));
}

async function lintAsNewest(referee: Referee): Promise<readonly string[]> {
  const { copy, run } = openNamed(referee, 'newest');
  const manifest = join(copy, 'manifest.yml');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/^format_version:.*$/m, `format_version: ${NEWEST_FORMAT}`));
  await run(['lint']);
  return [];
}

/** Runs lint, lint by the newest format, check and test static on copies of the source form, and compares what it builds with ours, file by file. */
export async function runElasticPackage(referee: Referee, streams: number): Promise<readonly Row[]> {
  const lint = await toFaults(async () => {
    await openNamed(referee, 'lint').run(['lint']);
    return [];
  });
  const newest = await toFaults(() => lintAsNewest(referee));
  const checked = openNamed(referee, 'check');
  const check = await toFaults(async () => {
    await checked.run(['check']);
    return [];
  });
  const build = check.length > 0 ? ['elastic-package did not build it'] : await toFaults(async () => compareFolders(checked.built, referee.packageFolder));
  const statics = await toFaults(async () => {
    const passed = countPassed(await openNamed(referee, 'static').run(['test', 'static']));
    return passed === streams ? [] : [`${passed} of ${streams} data streams passed`];
  });
  return [
    toRow({ id: 'lint', checks: 'elastic-package lint' }, lint),
    toRow({ id: 'lint', checks: `elastic-package lint with format_version ${NEWEST_FORMAT} (SVR00006, SVR00008, SVR00009, JSE00001)` }, newest),
    toRow({ id: 'check', checks: 'elastic-package check' }, check),
    toRow({ id: 'build', checks: 'what elastic-package builds equals ours, file by file' }, build),
    toRow({ id: 'static', checks: 'elastic-package test static, every data stream' }, statics),
  ];
}

/** Runs the pipeline tests on an engine; all of the fixtures must pass. */
export async function runPipelineTests(referee: Referee, engine: EngineAddress, fixtures: number): Promise<Row> {
  const { credentials } = engine;
  const faults = await toFaults(async () => {
    const output = await openNamed(referee, 'pipeline').run(['test', 'pipeline'], {
      ELASTIC_PACKAGE_ELASTICSEARCH_HOST: engine.url,
      ...(credentials && { ELASTIC_PACKAGE_ELASTICSEARCH_USERNAME: credentials.username, ELASTIC_PACKAGE_ELASTICSEARCH_PASSWORD: credentials.password }),
    });
    const passed = countPassed(output);
    return passed === fixtures ? [] : [`${passed} of ${fixtures} fixtures passed`];
  });
  return toRow({ id: 'pipeline', checks: 'elastic-package test pipeline, every fixture' }, faults);
}
