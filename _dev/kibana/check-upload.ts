import type { LiveDataStream } from './options.ts';
import type { DataStreamInfo, PackageInfo } from './package-info.ts';
import type { Archive } from './read-archive.ts';
import { Refused } from './reply.ts';
import type { World } from './world.ts';

const NAME = /^[a-z][a-z0-9_]{1,149}$/;
/** Folders of what an uploaded package may not bring, beside a pipeline at the top. */
const FORBIDDEN = ['index_template', 'component_template', 'ilm_policy', 'ilm', 'transform', 'ml_model', 'esql_view'];

/**
 * What newer Kibanas look at before an uploaded package is installed.
 * @throws {Refused} for the first thing that they refuse
 */
export function checkUpload(archive: Archive, world: World): void {
  const { info } = archive;
  if (!NAME.test(info.name)) refuse(`Uploaded package name "${info.name}" is invalid. Use letters, numbers, and underscores only.`);
  checkAssets(archive);
  checkPrivileges(info);
  checkName(info, world);
  checkDatasets(info, world);
  checkDataStreams(info, world);
}

function refuse(message: string): never {
  throw new Refused(400, message);
}

function checkAssets({ paths }: Archive): void {
  const forbidden = paths.find((path) => {
    const parts = path.split('/');
    const own = parts[1] === 'data_stream' ? parts.slice(3) : parts.slice(1);
    if (own[0] !== 'elasticsearch' || own.length < 3) return false;
    return FORBIDDEN.includes(own[1] ?? '') || (own[1] === 'ingest_pipeline' && parts[1] !== 'data_stream');
  });
  if (forbidden !== undefined) refuse(`Uploaded package contains a forbidden asset: ${forbidden}`);
}

function checkPrivileges(info: PackageInfo): void {
  if (info.type === 'input') refuse('Uploaded packages cannot be input packages.');
  const of = ({ elasticsearch = {} }: Pick<DataStreamInfo, 'elasticsearch'>): Readonly<Record<string, unknown>> =>
    (elasticsearch.privileges ?? {}) as Readonly<Record<string, unknown>>;
  if (of(info).cluster !== undefined || of(info).indices !== undefined) refuse('Uploaded packages cannot request Elasticsearch privileges.');
  for (const stream of info.data_streams) {
    const { dynamic_dataset: dataset, dynamic_namespace: namespace } = stream.elasticsearch ?? {};
    if (of(stream).cluster !== undefined) refuse(`Uploaded package dataset "${stream.dataset}" cannot request Elasticsearch cluster privileges.`);
    if (dataset === true || namespace === true) refuse(`Uploaded package dataset "${stream.dataset}" cannot enable dynamic_dataset or dynamic_namespace.`);
    if (!/^[a-z0-9_.]+$/.test(stream.dataset)) refuse(`Uploaded package declares invalid dataset "${stream.dataset}".`);
  }
}

function checkName({ name }: PackageInfo, { packages, registry }: World): void {
  const source = packages.get(name)?.source ?? 'upload';
  if (source !== 'upload') refuse(`Cannot upload a package that replaces the ${source}-installed package "${name}".`);
  if (registry === 'unreachable') refuse(`Could not verify that uploaded package name "${name}" is not a registry or bundled package.`);
  if (registry.has(name)) refuse(`Cannot upload a package whose name already exists in the package registry or as a bundled package: ${name}`);
}

function checkDatasets({ data_streams: streams, name }: PackageInfo, { packages }: World): void {
  for (const other of [...packages.values()].filter(({ info }) => info.name !== name)) {
    const owned = other.info.data_streams.map(({ dataset }) => dataset);
    const taken = streams.find(({ dataset }) => owned.some((one) => one === dataset || one.startsWith(`${dataset}.`) || dataset.startsWith(`${one}.`)));
    if (taken !== undefined) refuse(`Uploaded package declares dataset "${taken.dataset}" that is already owned by installed package "${other.info.name}".`);
  }
}

/** With none of the package installed, any live data stream of its datasets is in the way; else one that is not the package's. */
function checkDataStreams({ data_streams: streams, name }: PackageInfo, { dataStreams, packages }: World): void {
  const isForeign = ({ packageName }: LiveDataStream): boolean => !packages.has(name) || packageName !== name;
  for (const { dataset, type } of streams) {
    const found = [...dataStreams.values()].find((live) => live.name.startsWith(`${type}-${dataset}-`) && isForeign(live));
    if (found !== undefined) {
      refuse(
        `A matching live data stream "${found.name}" already exists for dataset "${dataset}" and must be migrated or removed before uploading a new package.`,
      );
    }
  }
}
