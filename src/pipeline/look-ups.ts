import type { EnrichStep } from './step.ts';
import type { JsonObject } from './value.ts';

/** Looks one value up; undefined where nothing is known of it. What it gives is shared: copy it before you change it. */
export type LookUp = (value: string) => JsonObject | undefined;

/**
 * What the edge can look up: the place of an address, its network, and what a user agent says of itself. Each gives the fields that
 * Elasticsearch's processor gives, named as ECS has them. A kind that is not here is left out of the documents.
 */
export type LookUps = Readonly<Partial<Record<EnrichStep['enrich'], LookUp>>>;
