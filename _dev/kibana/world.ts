import type { KibanaOptions } from './options.ts';
import type { PackagePolicy } from './package-policy.ts';

/** How well Kibana is, in its own words. */
export type Level = 'available' | 'degraded' | 'unavailable' | 'critical';

/** All that a simulated Kibana remembers. */
export interface World {
  readonly version: string;
  level: Level;
  readonly spaces: ReadonlySet<string>;
  /** Integration policies by id. */
  readonly policies: Map<string, PackagePolicy>;
}

/** The world of these options. */
export function createWorld({ policies = [], spaces = [], version = '9.2.0' }: KibanaOptions): World {
  return { version, level: 'available', spaces: new Set(['default', ...spaces]), policies: new Map(policies.map((policy) => [policy.id, policy])) };
}
