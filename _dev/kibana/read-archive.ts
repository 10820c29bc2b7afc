import { unzipSync } from 'fflate';
import { load } from 'js-yaml';
import type { Asset, DataStreamInfo, PackageInfo, PolicyTemplateInfo, StreamInfo, VarInfo } from './package-info.ts';
import { Refused } from './reply.ts';

/** A package as its archive has it. */
export interface Archive {
  readonly info: PackageInfo;
  /** Of files, with the top folder. */
  readonly paths: readonly string[];
  /** Text of a file below the top folder; undefined where there is none. */
  readonly read: (path: string) => string | undefined;
}

type Tree = Readonly<Record<string, unknown>>;

const REQUIRED = ['name', 'version', 'description', 'title', 'format_version', 'owner'];

/**
 * Unpacks and reads a zip, as Kibana derives a package from its manifests.
 * @throws {Refused} for what is no package
 */
export function readArchive(zip: Buffer): Archive {
  const files = unpack(zip);
  const paths = Object.keys(files).filter((path) => !path.endsWith('/'));
  const top = paths[0]?.split('/')[0] ?? '';
  const stray = paths.find((path) => !path.startsWith(`${top}/`));
  if (paths.length === 0) throw new Refused(400, 'Archive seems empty. Assumed content type was application/zip');
  if (stray !== undefined) throw new Refused(400, `Package contains more than one top-level directory; found: ${top}; filePath: ${stray}`);
  const read = (path: string): string | undefined => {
    const bytes = files[`${top}/${path}`];
    return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
  };
  return { info: toInfo(top, paths, read), paths, read };
}

function unpack(zip: Buffer): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(zip);
  } catch (error) {
    throw new Refused(400, `Error during extraction of package: ${String(error)}. Assumed content type was application/zip`);
  }
}

function toInfo(top: string, paths: readonly string[], read: Archive['read']): PackageInfo {
  const manifest = parse(read('manifest.yml'), `manifest file ${top}/manifest.yml`);
  const missing = REQUIRED.filter((key) => manifest[key] === undefined);
  if (missing.length > 0)
    throw new Refused(400, `Invalid top-level package manifest at top-level directory ${top}: one or more fields missing of ${missing.join(', ')}`);
  const { name, version } = manifest as unknown as PackageInfo;
  if (top !== `${name}-${version}`) throw new Refused(400, `Name ${name} and version ${version} do not match top-level directory ${top}`);
  const folders = new Set(paths.flatMap((path) => /^[^/]+\/data_stream\/([^/]+)\//.exec(path)?.[1] ?? []));
  return {
    ...(manifest as unknown as PackageInfo),
    policy_templates: toList(manifest.policy_templates).map(toPolicyTemplate),
    data_streams: [...folders].map((folder) => toDataStream(name, folder, read)),
    ...(manifest.vars === undefined ? {} : { vars: toVars(manifest.vars, 'manifest.yml') }),
  };
}

function toPolicyTemplate(template: Tree): PolicyTemplateInfo {
  demand(template, ['name', 'title', 'description'], 'Invalid top-level manifest: policy template');
  const inputs = toList(template.inputs).map((input) => {
    demand(input, ['type', 'title'], 'Invalid top-level manifest: input');
    return { ...input, vars: toVars(input.vars, `config template ${String(template.name)}`) };
  });
  return { ...template, inputs } as unknown as PolicyTemplateInfo;
}

function toDataStream(packageName: string, folder: string, read: Archive['read']): DataStreamInfo {
  const manifest = parse(read(`data_stream/${folder}/manifest.yml`), `manifest of data stream '${folder}'`);
  demand(manifest, ['title', 'type'], `Invalid manifest for data stream '${folder}'`);
  const streams = toList(manifest.streams).map((stream) => {
    demand(stream, ['input', 'title'], `Invalid manifest for data stream ${folder}: stream`);
    const template = String(stream.template_path ?? 'stream.yml.hbs');
    if (read(`data_stream/${folder}/agent/stream/${template}`) === undefined) {
      throw new Refused(400, `Manifest of data stream ${folder}: stream template ${template} not found`);
    }
    return { ...stream, template_path: template, vars: toVars(stream.vars, `data stream ${folder}`) } as unknown as StreamInfo;
  });
  const dataset = String(manifest.dataset ?? `${packageName}.${folder}`);
  return { ...manifest, dataset, path: folder, streams } as unknown as DataStreamInfo;
}

function toVars(vars: unknown, place: string): readonly VarInfo[] {
  return toList(vars).map((one) => {
    demand(one, ['name', 'type'], `Invalid var definition for ${place} in manifest`);
    return one as unknown as VarInfo;
  });
}

function demand(tree: Tree, keys: readonly string[], what: string): void {
  const missing = keys.filter((key) => tree[key] === undefined);
  if (missing.length > 0) throw new Refused(400, `${what}: mandatory fields missing: ${missing.join(', ')}`);
}

function parse(text: string | undefined, what: string): Tree {
  if (text === undefined) throw new Refused(400, `Could not find ${what}`);
  try {
    return (load(text) ?? {}) as Tree;
  } catch (error) {
    throw new Refused(400, `Could not parse ${what}: ${String(error)}`);
  }
}

function toList(value: unknown): readonly Tree[] {
  return Array.isArray(value) ? (value as readonly Tree[]) : [];
}

/** Text of the agent templates, by `DATA_STREAM/TEMPLATE_PATH`. */
export function toTemplates({ info, read }: Archive): Readonly<Record<string, string>> {
  const all = info.data_streams.flatMap(({ path, streams = [] }) => streams.map((stream) => [path, stream.template_path] as const));
  return Object.fromEntries(all.map(([path, template]) => [`${path}/${template}`, read(`data_stream/${path}/agent/stream/${template}`) ?? '']));
}

/** What an installation of the package puts into Elasticsearch. */
export function toElasticsearchAssets({ info }: Archive): readonly Asset[] {
  return info.data_streams.flatMap(({ dataset, type }) => [
    { id: `${type}-${dataset}-${info.version}`, type: 'ingest_pipeline' },
    { id: `${type}-${dataset}`, type: 'index_template' },
    { id: `${type}-${dataset}@package`, type: 'component_template' },
    { id: `${type}-${dataset}@custom`, type: 'component_template' },
  ]);
}
