import type { ApiFacts } from '../definition/api-facts.ts';
import type { PackageDefinition, StreamDefinition } from '../definition/definition.ts';
import { compileAgentTemplate } from './compile-agent-template.ts';
import { compileChangelog } from './compile-changelog.ts';
import { compileDocs } from './compile-docs.ts';
import { compileFields } from './compile-fields.ts';
import { compilePackageManifest } from './compile-package-manifest.ts';
import { compilePipeline } from './compile-pipeline.ts';
import { compileSampleEvent } from './compile-sample-event.ts';
import { compileStreamManifest } from './compile-stream-manifest.ts';
import { compileDashboards } from './dashboard/compile-dashboards.ts';
import type { PackageFile } from './package-file.ts';
import { readFixture } from './read-fixture.ts';
import { renderYaml } from './render-yaml.ts';
import { toImageSize } from './to-image-size.ts';

/** What a package takes from the project as it is. */
export interface ProjectFiles {
  readonly license: string;
  /** Templates of the docs by file name, e.g. `README.md`. */
  readonly docs: Readonly<Record<string, string>>;
  /** Pictures of `img/`, paths relative to it: `svg` are icons, `png` are screenshots. */
  readonly images: readonly PackageFile[];
  /** Files of each data stream's `_dev` folder, paths relative to the data stream. */
  readonly development: Readonly<Record<string, readonly PackageFile[]>>;
}

/** The two forms of one package; files sorted by path. */
export interface CompiledPackage {
  /** For elastic-package and reviewers. */
  readonly source: readonly PackageFile[];
  /** For registry and Kibana: what elastic-package builds from the source form. */
  readonly built: readonly PackageFile[];
}

/** Has elastic-package demand the section names of Elastic's documentation guidelines. */
const validation = { docs_structure_enforced: { enabled: true, version: 1 } };

function compileSample(stream: StreamDefinition, definition: PackageDefinition, project: ProjectFiles): string | undefined {
  const event = readFixture(project.development[stream.name] ?? []);
  return event === undefined ? undefined : compileSampleEvent(stream, definition, event);
}

function compileStream(stream: StreamDefinition, definition: PackageDefinition, sample: string | undefined): readonly PackageFile[] {
  const { base, ecs, own } = compileFields(stream, definition);
  const agent = compileAgentTemplate(stream, definition);
  const files: readonly (readonly [string, string | undefined])[] = [
    ['manifest.yml', renderYaml(compileStreamManifest(stream))],
    ['fields/base-fields.yml', renderYaml(base)],
    ['fields/ecs.yml', renderYaml(ecs)],
    ['fields/fields.yml', renderYaml(own)],
    ['elasticsearch/ingest_pipeline/default.yml', compilePipeline(stream, definition)],
    ['agent/stream/cel.yml.hbs', agent],
    ['sample_event.json', sample],
  ];
  return files.flatMap(([path, content]) => (content === undefined ? [] : [{ path: `data_stream/${stream.name}/${path}`, content }]));
}

function compileManifest(definition: PackageDefinition, images: readonly PackageFile[]): string {
  const sized = images.map(({ path, content }) => ({ name: path, size: toImageSize(path, content) }));
  const icons = sized.filter(({ name }) => name.endsWith('.svg'));
  const screenshots = sized.filter(({ name }) => name.endsWith('.png'));
  return renderYaml(compilePackageManifest(definition, { icons, screenshots }));
}

function sorted(files: readonly PackageFile[]): readonly PackageFile[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Compiles the declarations into all files of the package. The same input gives the same bytes.
 * @throws DefinitionError for docs, pictures or declarations that cannot be compiled
 */
export function compilePackage(definition: PackageDefinition, project: ProjectFiles, api: ApiFacts): CompiledPackage {
  const sampleEvents = Object.fromEntries(
    definition.streams.flatMap((stream) => {
      const sample = compileSample(stream, definition, project);
      return sample === undefined ? [] : [[stream.name, sample]];
    }),
  ) as Readonly<Record<string, string>>;
  const docs = Object.entries(project.docs).map(([name, text]) => ({ name, ...compileDocs(definition, { name, text }, { sampleEvents, api }) }));
  const dashboards = compileDashboards(definition);
  const both: readonly PackageFile[] = [
    { path: 'manifest.yml', content: compileManifest(definition, project.images) },
    { path: 'changelog.yml', content: renderYaml(compileChangelog(definition)) },
    { path: 'LICENSE.txt', content: project.license },
    { path: 'validation.yml', content: renderYaml(validation) },
    ...docs.map(({ name, page }) => ({ path: `docs/${name}`, content: page })),
    ...project.images.map(({ path, content }) => ({ path: `img/${path}`, content })),
    ...definition.streams.flatMap((stream) => compileStream(stream, definition, sampleEvents[stream.name])),
  ];
  const development: readonly PackageFile[] = [
    ...docs.map(({ name, template }) => ({ path: `_dev/build/docs/${name}`, content: template })),
    ...definition.streams.flatMap(({ name }) =>
      (project.development[name] ?? []).map(({ path, content }) => ({ path: `data_stream/${name}/${path}`, content })),
    ),
  ];
  return { source: sorted([...both, ...dashboards.source, ...development]), built: sorted([...both, ...dashboards.built]) };
}
