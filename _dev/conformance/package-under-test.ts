import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { findEcsField } from '../../src/definition/ecs.ts';

/** Data as YAML and JSON have it; a property that is missing is undefined. */
// biome-ignore lint/suspicious/noExplicitAny: what stands in a package is unknown until a rule has looked at it
export type Data = any;

/** One field of a fields file; `name` is complete, groups are dissolved. */
export interface DeclaredField {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  /** The file that declares it. */
  readonly file: string;
  /** All its properties. */
  readonly entry: Readonly<Record<string, unknown>>;
}

/** A file of the package, parsed. */
export interface ParsedFile {
  readonly file: string;
  readonly content: Data;
}

/** A document of an expected file, or a sample event. */
export interface LabelledDocument {
  /** Where it stands, e.g. `data_stream/audit/sample_event.json`. */
  readonly label: string;
  readonly document: Data;
}

/** A data stream of a package. */
export interface StreamUnderTest {
  readonly name: string;
  /** `data_stream/NAME/`. */
  readonly folder: string;
  readonly manifest: Data;
  readonly fieldFiles: readonly ParsedFile[];
  readonly fields: readonly DeclaredField[];
  readonly pipelines: readonly ParsedFile[];
  /** Templates of Elastic Agent. */
  readonly programs: readonly { readonly file: string; readonly text: string }[];
  /** Pipeline tests: the events, and the file of what is expected of them, where there is one. */
  readonly fixtures: readonly { readonly file: string; readonly events: readonly Data[]; readonly expected: ParsedFile | undefined }[];
  readonly expected: readonly LabelledDocument[];
  readonly sample: LabelledDocument | undefined;
  /** Expected documents and the sample event. */
  readonly documents: readonly LabelledDocument[];
}

/** The source form of a package, read. */
export interface PackageUnderTest {
  /** Text of every file, by path below the package's folder. */
  readonly files: ReadonlyMap<string, string>;
  readonly name: string;
  readonly manifest: Data;
  readonly changelog: Data;
  readonly streams: readonly StreamUnderTest[];
}

/** The text of every file below a folder, by path with `/`. */
export function loadFiles(folder: string): ReadonlyMap<string, string> {
  const paths = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted() : [];
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return new Map(files.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]));
}

/**
 * Reads the source form of a package.
 * @throws Error for a file that is no YAML or JSON
 */
export function readPackage(files: ReadonlyMap<string, string>): PackageUnderTest {
  const manifest = parseFile(files, 'manifest.yml').content ?? {};
  const names = [...files.keys()].flatMap((path) => /^data_stream\/([^/]+)\/manifest\.yml$/.exec(path)?.[1] ?? []);
  const changelog = parseFile(files, 'changelog.yml').content ?? [];
  return { files, name: String(manifest.name), manifest, changelog, streams: names.toSorted().map((name) => readStream(files, name)) };
}

function parseFile(files: ReadonlyMap<string, string>, file: string): ParsedFile {
  const text = files.get(file);
  if (text === undefined) return { file, content: undefined };
  return { file, content: file.endsWith('.json') ? JSON.parse(text) : load(text) };
}

function readStream(files: ReadonlyMap<string, string>, name: string): StreamUnderTest {
  const folder = `data_stream/${name}/`;
  const below = (pattern: RegExp): readonly string[] => [...files.keys()].filter((path) => path.startsWith(folder) && pattern.test(path.slice(folder.length)));
  const parsed = (pattern: RegExp): readonly ParsedFile[] => below(pattern).map((path) => parseFile(files, path));
  const fieldFiles = parsed(/^fields\/[^/]+\.yml$/);
  const fixtures = below(/^_dev\/test\/pipeline\/test-[^/]+\.(json|log)$/)
    .filter((path) => !path.endsWith('-expected.json'))
    .map((file) => readFixtureFile(files, file));
  const expected = fixtures.flatMap(({ expected: found }) => toDocuments(found));
  const sample = files.has(`${folder}sample_event.json`) ? toSample(parseFile(files, `${folder}sample_event.json`)) : undefined;
  return {
    name,
    folder,
    manifest: parseFile(files, `${folder}manifest.yml`).content ?? {},
    fieldFiles,
    fields: fieldFiles.flatMap(({ file, content }) => flatten(content ?? [], '', file)),
    pipelines: parsed(/^elasticsearch\/ingest_pipeline\/[^/]+\.(yml|json)$/),
    programs: below(/^agent\/.+\.hbs$/).map((file) => ({ file, text: files.get(file) ?? '' })),
    fixtures,
    expected,
    sample,
    documents: [...expected, ...(sample === undefined ? [] : [sample])],
  };
}

function readFixtureFile(files: ReadonlyMap<string, string>, file: string): StreamUnderTest['fixtures'][number] {
  const text = files.get(file) ?? '';
  const lines = (): readonly Data[] =>
    text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((message) => ({ message }));
  const events = file.endsWith('.json') ? ((JSON.parse(text) as Data).events ?? []) : lines();
  const expected = files.has(`${file}-expected.json`) ? parseFile(files, `${file}-expected.json`) : undefined;
  return { file, events, expected };
}

function toDocuments(found: ParsedFile | undefined): readonly LabelledDocument[] {
  const documents: readonly Data[] = found?.content.expected ?? [];
  return documents.flatMap((document, index) => (document === null ? [] : [{ label: `${found?.file}[${index}]`, document }]));
}

function toSample({ file, content }: ParsedFile): LabelledDocument {
  return { label: file, document: content };
}

function flatten(entries: readonly Data[], prefix: string, file: string): readonly DeclaredField[] {
  return entries.flatMap((entry: Data) => {
    const name = `${prefix}${entry.name}`;
    if (Array.isArray(entry.fields)) return flatten(entry.fields, `${name}.`, file);
    const ecs = entry.external === 'ecs' ? findEcsField(name) : undefined;
    return [{ name, type: String(entry.type ?? ecs?.type ?? ''), description: String(entry.description ?? ecs?.description ?? ''), file, entry }];
  });
}
