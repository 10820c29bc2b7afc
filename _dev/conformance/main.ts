import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { IntegrationError } from '../../src/errors.ts';
import { removeLeftoversAtExit } from '../elasticsearch/leftovers.ts';
import { showConformance } from './show-conformance.ts';

const usage = `Usage: npm run conformance [-- --all]

Builds the package into a temporary folder and checks every rule that an Elastic reviewer applies and a program can check; then elastic-package lints, checks,
builds and tests a copy, and the mappings are run with index.mode logsdb. Prints one table; ends with 1 where something is a fault.

Options:
  --all    what is left out, because a tool or an engine is missing, is a fault
  --help   show this

Environment:
  ELASTIC_PACKAGE   path of elastic-package
  DEV_ELASTICSEARCH_URL, ELASTICSEARCH_HOME, Docker, or Maven and a JDK: an Elasticsearch, as for npm test`;

/** A mistake of whoever called; the message says it all. */
class UsageError extends Error {}

function readOptions(): { readonly all: boolean; readonly help: boolean } {
  try {
    return parseArgs({ options: { all: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

function findElasticPackage(): string | undefined {
  const path = process.env.ELASTIC_PACKAGE || undefined;
  if (path !== undefined && !existsSync(path)) throw new UsageError(`ELASTIC_PACKAGE=${path} does not exist`);
  return path;
}

async function main(): Promise<void> {
  const { all, help } = readOptions();
  if (help) {
    console.log(usage);
    return;
  }
  const elasticPackage = findElasticPackage();
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  try {
    const projectFolder = fileURLToPath(new URL('../../', import.meta.url));
    const { report, faults, leftOut } = await showConformance({ projectFolder, folder, elasticPackage, env: process.env, log: (line) => console.error(line) });
    process.stdout.write(report);
    process.exitCode = faults > 0 || (all && leftOut > 0) ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

removeLeftoversAtExit();
await main().catch((error: unknown) => {
  console.error(error instanceof IntegrationError || error instanceof UsageError ? error.message : error);
  process.exitCode = 2;
});
