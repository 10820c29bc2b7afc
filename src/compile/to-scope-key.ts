import type { SourceDefinition } from '../definition/definition.ts';

/** Name of the variable, and of the key of `_conf`, that holds a source's account or zone: `account_id`, `zone_id` or `user_id`. */
export function toScopeKey({ scope }: SourceDefinition): string {
  return `${scope}_id`;
}
