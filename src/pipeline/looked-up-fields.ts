import type { StreamDefinition } from '../definition/definition.ts';
import type { EnrichStep } from './step.ts';
import { toSteps } from './to-steps.ts';

type Kind = EnrichStep['enrich'];

/** What a look-up gives, below the field that an enrichment names. */
const LOOKED_UP: Readonly<Record<Kind, readonly string[]>> = {
  geo: ['city_name', 'continent_name', 'country_iso_code', 'country_name', 'location', 'region_iso_code', 'region_name'],
  as: ['number', 'organization.name'],
  user_agent: ['original', 'name', 'version', 'device.name', 'os.name', 'os.version', 'os.full'],
};

/** The fields that are looked up: the only ones whose values may differ between the two backends. Everything else is the same in both. */
export function lookedUpFields(stream: StreamDefinition): readonly string[] {
  return leftOutFields(stream, []);
}

/** The fields that the edge leaves out where it can look up these kinds only; Elasticsearch fills them all. */
export function leftOutFields(stream: StreamDefinition, kinds: readonly Kind[]): readonly string[] {
  const steps = toSteps(stream);
  const converted = new Set(steps.flatMap((step) => (step.kind === 'convert' ? [step.field] : [])));
  const missing = steps.flatMap((step) => (step.kind === 'enrich' && !kinds.includes(step.enrich) ? [step] : []));
  return missing.flatMap(({ field, enrich }) => LOOKED_UP[enrich].map((leaf) => `${field}.${leaf}`)).filter((field) => !converted.has(field));
}
