import type { StreamDefinition } from '../definition/definition.ts';
import type { EnrichStep } from './step.ts';
import { toSteps } from './to-steps.ts';

/** What Elasticsearch looks up, below the field that an enrichment names. */
const LOOKED_UP: Readonly<Record<EnrichStep['enrich'], readonly string[]>> = {
  geo: ['city_name', 'continent_name', 'country_iso_code', 'country_name', 'location', 'region_iso_code', 'region_name'],
  as: ['number', 'organization.name'],
  user_agent: ['original', 'name', 'version', 'device.name', 'os.name', 'os.version', 'os.full'],
};

/** The fields that only the server backend fills: the edge leaves them out. Everything else is the same in both. */
export function serverOnlyFields(stream: StreamDefinition): readonly string[] {
  const steps = toSteps(stream);
  const converted = new Set(steps.flatMap((step) => (step.kind === 'convert' ? [step.field] : [])));
  const lookedUp = steps.flatMap((step) => (step.kind === 'enrich' ? LOOKED_UP[step.enrich].map((leaf) => `${step.field}.${leaf}`) : []));
  return lookedUp.filter((field) => !converted.has(field));
}
