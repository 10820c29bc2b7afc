import type { Data, PackageUnderTest } from './package-under-test.ts';

/** Where a processor stands: in the pipeline, in a processor's own `on_failure`, or in the pipeline's. */
export type ProcessorPlace = 'main' | 'cleanup' | 'failure';

/** One processor of a pipeline. */
export interface PlacedProcessor {
  readonly type: string;
  readonly options: Data;
  readonly place: ProcessorPlace;
  /** Where it stands and what it is, for a person: `FILE: processors[3] (script map_record)`. */
  readonly label: string;
}

/** A pipeline file of the package and all processors in it, nested ones included, in their order. */
export interface PipelineUnderTest {
  readonly file: string;
  readonly content: Data;
  readonly processors: readonly PlacedProcessor[];
}

interface Position {
  readonly path: string;
  readonly place: ProcessorPlace;
}

/** Every ingest pipeline of the package. */
export function listPipelines({ streams }: PackageUnderTest): readonly PipelineUnderTest[] {
  return streams.flatMap(({ pipelines }) =>
    pipelines.map(({ file, content }) => ({
      file,
      content,
      processors: [
        ...placeAll(content?.processors, { path: `${file}: processors`, place: 'main' }),
        ...placeAll(content?.on_failure, { path: `${file}: on_failure`, place: 'failure' }),
      ],
    })),
  );
}

function placeAll(processors: Data, position: Position): readonly PlacedProcessor[] {
  if (!Array.isArray(processors)) return [];
  return processors.flatMap((processor, index) => placeOne(processor, { ...position, path: `${position.path}[${index}]` }));
}

function placeOne(processor: Data, { path, place }: Position): readonly PlacedProcessor[] {
  return Object.entries(processor ?? {}).flatMap(([type, options]: [string, Data]) => [
    { type, options: options ?? {}, place, label: `${path} (${[type, options?.tag].filter(Boolean).join(' ')})` },
    ...(options?.processor === undefined ? [] : placeOne(options.processor, { path: `${path}.processor`, place })),
    ...placeAll(options?.on_failure, { path: `${path}.on_failure`, place: place === 'failure' ? 'failure' : 'cleanup' }),
  ]);
}
