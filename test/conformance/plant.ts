import { tinyPackage } from './tiny-package.ts';

/** One rule broken in one place: which rule, which of its checks, and the files of the tiny package after it. */
export interface PlantedFault {
  readonly id: string;
  /** What the fault's sentence holds. */
  readonly says: string;
  readonly files: ReadonlyMap<string, string>;
}

/** Where the one ingest pipeline of the tiny package stands. */
export const PIPELINE = 'data_stream/s/elasticsearch/ingest_pipeline/default.yml';
/** Where its agent's program stands. */
export const PROGRAM = 'data_stream/s/agent/stream/cel.yml.hbs';
/** Where its own and ECS fields stand. */
export const FIELDS = 'data_stream/s/fields/fields.yml';
/** Where its base fields stand. */
export const BASE = 'data_stream/s/fields/base-fields.yml';
/** Where the manifest of its data stream stands. */
export const STREAM = 'data_stream/s/manifest.yml';
/** Where the events of its pipeline test stand. */
export const EVENTS = 'data_stream/s/_dev/test/pipeline/test-s.json';
/** Where what is expected of them stands. */
export const EXPECTED = `${EVENTS}-expected.json`;
/** Where its sample event stands. */
export const SAMPLE = 'data_stream/s/sample_event.json';
/** Where its system test stands. */
export const SYSTEM = 'data_stream/s/_dev/test/system/test-default-config.yml';
/** Where the template of its docs stands. */
export const TEMPLATE = '_dev/build/docs/README.md';
/** Where its docs stand. */
export const PAGE = 'docs/README.md';
/** Where its dashboard stands. */
export const DASHBOARD = 'kibana/dashboard/tiny-1.json';

/** A file, a text in it that stands there, and what comes in its place, everywhere it stands. */
export type Edit = readonly [path: string, before: string, after: string];

/**
 * The tiny package with texts replaced.
 * @throws Error for a text that is not there
 */
export function plant(id: string, says: string, ...edits: readonly Edit[]): PlantedFault {
  const files = new Map(tinyPackage);
  for (const [path, before, after] of edits) {
    const text = files.get(path) ?? '';
    if (!text.includes(before)) throw new Error(`${id}: ${path} does not hold ${before}`);
    files.set(path, text.replaceAll(before, after));
  }
  return { id, says, files };
}

/** Files that come beside those of the tiny package, or in their place. */
export function put(id: string, says: string, files: Readonly<Record<string, string>>): PlantedFault {
  return { id, says, files: new Map([...tinyPackage, ...Object.entries(files)]) };
}

/** The tiny package without a file. */
export function remove(id: string, says: string, path: string): PlantedFault {
  const files = new Map(tinyPackage);
  if (!files.delete(path)) throw new Error(`there is no ${path}`);
  return { id, says, files };
}

/** An edit that puts processors before the last one of the tiny pipeline. */
export function insert(processor: string): Edit {
  return [PIPELINE, '  - remove: { tag: tidy', `  - ${processor}\n  - remove: { tag: tidy`];
}

/** An edit that declares a field. */
export function declare(text: string): Edit {
  return [FIELDS, '- { name: tiny.s.what', `- ${text}\n- { name: tiny.s.what`];
}

/** What stands in a file of the tiny package. */
export function text(path: string): string {
  return tinyPackage.get(path) ?? '';
}
