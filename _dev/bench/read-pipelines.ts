import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join, resolve, sep } from 'node:path';
import { load } from 'js-yaml';

/** The pipelines of one folder, as Elasticsearch takes them. */
export interface PipelineSet {
  /** Short name for the report: `PACKAGE.STREAM`, or the folder's path. */
  readonly label: string;
  /** Name of the data stream, where the folder lies in one. */
  readonly stream: string | undefined;
  /** Name under which the first pipeline is stored. */
  readonly entry: string;
  /** Bodies by the names under which they are stored; a pipeline stands behind those that it calls. */
  readonly pipelines: ReadonlyMap<string, string>;
}

/** Folders that cannot be measured; the message says why. */
export class PipelineFault extends Error {}

const CALL = /\{\{\s*IngestPipeline\s+\\?["']([^"'\\]+)\\?["']\s*\}\}/g;

/**
 * Reads a folder of pipelines (`.yml`, `.yaml` or `.json`; `default` is the first, or the only one) and names them `PREFIX-FILE`; calls of each other by
 * `{{ IngestPipeline "FILE" }}` are resolved to these names.
 * @throws PipelineFault where there is no such folder, no pipeline, none called default, or a call of one that is not there
 */
export async function readPipelines(folder: string, prefix: string): Promise<PipelineSet> {
  const bodies = await readBodies(folder);
  const first = bodies.has('default') ? 'default' : bodies.size === 1 ? [...bodies.keys()][0] : undefined;
  if (first === undefined) throw new PipelineFault(`${folder} holds ${bodies.size} pipelines and none called default`);
  const ordered = new Map<string, string>();
  const add = (file: string, callers: readonly string[]): void => {
    const body = bodies.get(file);
    if (body === undefined) throw new PipelineFault(`${folder}: ${callers.at(-1)} calls ${file}, which is not there`);
    if (ordered.has(`${prefix}-${file}`) || callers.includes(file)) return;
    for (const [, called = ''] of body.matchAll(CALL)) add(called, [...callers, file]);
    ordered.set(
      `${prefix}-${file}`,
      body.replaceAll(CALL, (_, called: string) => `${prefix}-${called}`),
    );
  };
  add(first, []);
  return { ...toPlace(folder), entry: `${prefix}-${first}`, pipelines: ordered };
}

async function readBodies(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder).catch(() => {
    throw new PipelineFault(`there is no folder ${folder}`);
  });
  const files = names.filter((name) => /\.(ya?ml|json)$/.test(name)).sort();
  const bodies = await Promise.all(files.map((name) => readBody(join(folder, name))));
  return new Map(files.map((name, index) => [basename(name, extname(name)), bodies[index] as string]));
}

async function readBody(path: string): Promise<string> {
  try {
    return JSON.stringify(load(await readFile(path, 'utf8')));
  } catch (error) {
    throw new PipelineFault(`${path} is no YAML: ${(error as Error).message}`);
  }
}

/** `.../NAME[/VERSION]/data_stream/STREAM/elasticsearch/ingest_pipeline` -> NAME.STREAM. */
function toPlace(folder: string): Pick<PipelineSet, 'label' | 'stream'> {
  const parts = resolve(folder).split(sep);
  const at = parts.lastIndexOf('data_stream');
  const stream = at < 0 ? undefined : parts[at + 1];
  if (stream === undefined) return { label: folder, stream: undefined };
  const name = /^\d+\.\d+\.\d+/.test(parts[at - 1] ?? '') ? parts[at - 2] : parts[at - 1];
  return { label: `${name}.${stream}`, stream };
}
