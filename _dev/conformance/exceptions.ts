/** A rule that the package breaks with a reason. */
export interface Exception {
  readonly id: string;
  /** Which faults of the rule it covers. */
  readonly covers: RegExp;
  readonly reason: string;
}

/** All of them; at most five. One that no longer covers a fault is a fault itself. */
export const exceptions: readonly Exception[] = [
  {
    id: 'F2',
    covers: /defines \d+ ECS fields itself$/,
    reason:
      'The definitions are generated from @elastic/ecs, whose version is ecs.version, so they are the same as by reference. Complete, they need no download to be built, and the index templates of `install` come from them, where no Fleet resolves references.',
  },
  {
    id: 'F6',
    covers: /^preserve_duplicate_custom_fields is not offered/,
    reason: 'No custom field repeats an ECS field, so there is nothing to preserve.',
  },
  {
    id: 'T7',
    covers: /has no _dev\/benchmark\/pipeline$/,
    reason: 'Optional. `npm run bench:pipeline` measures the same pipelines on a real Elasticsearch against a yardstick.',
  },
];
