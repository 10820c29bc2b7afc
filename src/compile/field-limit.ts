import type { StreamDefinition } from '../definition/definition.ts';

/** Room for what ECS, Elastic Agent and `@custom` templates map beside the declared fields. */
const ROOM = 700;

/** The data stream's `index.mapping.total_fields.limit`: at least Elasticsearch's default of 1000, in whole thousands. */
export function toFieldLimit(stream: StreamDefinition): number {
  return Math.ceil((stream.fields.length * 2 + ROOM) / 1000) * 1000;
}
