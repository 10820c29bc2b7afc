import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DefinitionError, type Fault } from '../errors.ts';
import { checkChangelog } from './check-changelog.ts';
import { checkVariables } from './check-variables.ts';
import type { ChangelogDeclaration, ManifestDeclaration } from './declaration.ts';
import type { PackageDefinition, StreamDefinition } from './definition.ts';
import { readDashboards } from './read-dashboards.ts';
import { readStream } from './read-stream.ts';
import { readYaml } from './read-yaml.ts';
import { below, type Report, toReport } from './report.ts';
import { parseVersion } from './semver.ts';
import { toVariables } from './to-variables.ts';

/**
 * The declarations of a folder: manifest.yml, changelog.yml, data_stream/NAME/ and kibana/NAME.yml, streams in the order of their names.
 *
 * @throws DefinitionError with every fault of every file
 */
export async function readDefinition(folder: string): Promise<PackageDefinition> {
  const faults: Fault[] = [];
  const reportOf = (file: string): Report => toReport(file, faults);
  const manifest = await readManifest(folder, reportOf('manifest.yml'));
  const changelog = await readChangelog(folder, manifest, reportOf('changelog.yml'));
  const streams = await readStreams(folder, manifest, reportOf);
  const dashboards = await readDashboards({ folder, reportOf, streams });
  const whole = [...streams.values()].filter((stream) => stream !== undefined);
  if (faults.length > 0 || manifest === undefined || changelog === undefined) throw new DefinitionError(faults);
  return { ...toPackage(manifest, changelog, whole), dashboards };
}

async function readManifest(folder: string, report: Report): Promise<ManifestDeclaration | undefined> {
  const manifest = await readYaml<ManifestDeclaration>('manifest', { folder, file: 'manifest.yml', report });
  if (manifest === undefined) return undefined;
  if (parseVersion(manifest.version) === undefined) report('version', `${manifest.version} is no version`, 'Write three numbers, e.g. 0.1.0.');
  checkVariables(manifest.variables, new Map(), below(report, 'variables'));
  checkVariables(manifest.stream_variables, listNames(manifest.variables, 'variables of manifest.yml'), below(report, 'stream_variables'));
  return manifest;
}

async function readChangelog(folder: string, manifest: ManifestDeclaration | undefined, report: Report): Promise<ChangelogDeclaration | undefined> {
  const changelog = await readYaml<ChangelogDeclaration>('changelog', { folder, file: 'changelog.yml', report });
  if (changelog !== undefined) checkChangelog(changelog, manifest?.version, report);
  return changelog;
}

async function readStreams(
  folder: string,
  manifest: ManifestDeclaration | undefined,
  reportOf: (file: string) => Report,
): Promise<ReadonlyMap<string, StreamDefinition | undefined>> {
  const names = await listStreams(join(folder, 'data_stream'));
  if (names.length === 0) reportOf('data_stream')('', 'there is no data stream', 'Add a folder data_stream/NAME with stream.yml and fields.yml.');
  const { variables = [], stream_variables = [] } = manifest ?? {};
  const taken = new Map([...listNames(variables, 'variables of manifest.yml'), ...listNames(stream_variables, 'stream_variables of manifest.yml')]);
  const place = { folder, reportOf, names, taken, shared: toVariables(stream_variables) };
  const streams = new Map<string, StreamDefinition | undefined>();
  for (const name of names) streams.set(name, await readStream(name, place));
  return streams;
}

async function listStreams(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function listNames(variables: readonly { readonly name: string }[], where: string): ReadonlyMap<string, string> {
  return new Map(variables.map(({ name }) => [name, where]));
}

function toPackage(
  manifest: ManifestDeclaration,
  changelog: ChangelogDeclaration,
  streams: readonly StreamDefinition[],
): Omit<PackageDefinition, 'dashboards'> {
  return {
    name: manifest.name,
    title: manifest.title,
    version: manifest.version,
    description: manifest.description,
    formatVersion: manifest.format_version,
    categories: manifest.categories,
    kibanaVersion: manifest.kibana_version,
    owner: manifest.owner,
    repository: manifest.repository,
    policyTemplate: manifest.policy_template,
    variables: toVariables(manifest.variables),
    changelog: changelog.map(({ version, changes }) => ({
      version,
      changes: changes.map(({ description, type, pull, issue }) => ({
        description,
        type,
        link: `${manifest.repository}/${pull === undefined ? `issues/${issue}` : `pull/${pull}`}`,
      })),
    })),
    streams,
  };
}
