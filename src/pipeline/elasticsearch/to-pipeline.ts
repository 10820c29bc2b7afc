import type { StreamDefinition } from '../../definition/definition.ts';
import { FAILED_KIND, KEEP_TAG, PARSE_TAG } from '../frame.ts';
import type { DropStep, EnrichStep } from '../step.ts';
import { toSteps } from '../to-steps.ts';
import { quote } from './painless-text.ts';
import { toProcessorCondition } from './processor-condition.ts';
import { toFailureScript, toFinishScript, toMappingScript } from './to-script.ts';

/** One processor: its type and its options. */
export type Processor = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** An ingest pipeline as plain JSON. */
export interface IngestPipeline {
  readonly description: string;
  readonly processors: readonly Processor[];
  readonly on_failure: readonly Processor[];
}

const FAILURE =
  'Processor {{{_ingest.on_failure_processor_type}}} with tag {{{_ingest.on_failure_processor_tag}}} in pipeline {{{_ingest.pipeline}}} failed with message: {{{_ingest.on_failure_message}}}';

/**
 * Compiles a stream's mapping to an ingest pipeline: parse, one generated script, what is left out, look-ups, and `event.original` only for who asked or
 * for an event that failed.
 * @throws DefinitionError when the script is longer than Elasticsearch takes
 */
export function toPipeline(stream: StreamDefinition, options: { readonly packageName: string; readonly version: string }): IngestPipeline {
  const steps = toSteps(stream);
  return {
    description: `${stream.title}: from the record as Cloudflare sent it to ECS (${options.packageName} ${options.version}).`,
    processors: [
      { rename: { tag: 'rename_message', field: 'message', target_field: 'event.original', ignore_missing: true, if: 'ctx.event?.original == null' } },
      { remove: { tag: 'remove_message', field: 'message', ignore_missing: true, if: 'ctx.event?.original != null' } },
      { json: { tag: PARSE_TAG, field: 'event.original', target_field: 'json', allow_duplicate_keys: true } },
      { script: { tag: 'map_record', lang: 'painless', ...toMappingScript(stream.name, steps) } },
      ...steps.flatMap((step) => (step.kind === 'drop' ? [toDrop(step)] : [])),
      ...steps.flatMap((step) => (step.kind === 'enrich' ? toLookUps(step) : [])),
      { script: { tag: 'finish_document', lang: 'painless', ...toFinishScript(steps) } },
    ],
    on_failure: [
      { set: { field: 'event.kind', value: FAILED_KIND } },
      { append: { field: 'error.message', value: FAILURE } },
      { append: { field: 'tags', value: KEEP_TAG, allow_duplicates: false } },
      { script: { tag: 'settle_failure', lang: 'painless', ...toFailureScript(steps) } },
      { remove: { field: ['json', '_conf'], ignore_missing: true } },
    ],
  };
}

/** The mapping decides, and says so in what is left of `_conf`; a processor for each rule, so that Elasticsearch counts what each left out. */
function toDrop({ tag, name }: DropStep): Processor {
  return { drop: { tag, if: `ctx._conf?.dropped == ${quote(name)}` } };
}

function toLookUps({ tag, field, enrich, from, when }: EnrichStep): readonly Processor[] {
  const given = when === undefined ? {} : { if: toProcessorCondition(when) };
  const base = { tag, field: from, target_field: field, ignore_missing: true, ...given };
  if (enrich === 'geo') return [{ geoip: base }];
  if (enrich === 'user_agent') return [{ user_agent: base }];
  return [{ geoip: { ...base, database_file: 'GeoLite2-ASN.mmdb', properties: ['asn', 'organization_name'] } }];
}
