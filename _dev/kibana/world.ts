import type { AgentPolicyOptions, InstalledOptions, KibanaOptions, LiveDataStream } from './options.ts';
import type { InstalledPackage } from './package-info.ts';
import type { PackagePolicy } from './package-policy.ts';
import { isFrom, toVersion, type Version } from './version.ts';

/** How well Kibana is, in its own words. */
export type Level = 'available' | 'degraded' | 'unavailable' | 'critical';

/** All that a simulated Kibana remembers. */
export interface World {
  readonly version: string;
  readonly major: number;
  /** Whether what is uploaded is looked through first, as newer ones do. */
  readonly checksUploads: boolean;
  readonly checksConditions: boolean;
  /** Whether a form's lists may have 100 values at most. */
  readonly limitsLists: boolean;
  /** Whether the answer to an upload has the package's name. */
  readonly namesUploads: boolean;
  level: Level;
  readonly spaces: ReadonlySet<string>;
  readonly license: 'basic' | 'enterprise';
  readonly registry: ReadonlySet<string> | 'unreachable';
  readonly secretStorage: boolean;
  /** How many uploads are still told to wait. */
  delayedUploads: number;
  readonly dataStreams: Map<string, LiveDataStream>;
  readonly packages: Map<string, InstalledPackage>;
  readonly agentPolicies: Map<string, Required<AgentPolicyOptions>>;
  /** Integration policies by id. */
  readonly policies: Map<string, PackagePolicy>;
  /** Values of secrets by id. */
  readonly secrets: Map<string, string>;
}

const REGISTRY = ['cloudflare', 'cloudflare_logpush', 'elastic_agent', 'fleet_server', 'system'];

/** The world of these options. */
export function createWorld(options: KibanaOptions): World {
  const { agentPolicies = [], dataStreams = [], installed = [], policies = [], registry = REGISTRY, spaces = [], version = '9.5.4' } = options;
  const parsed = toVersion(version);
  return {
    version,
    major: parsed[0],
    checksUploads: checksUploads(parsed),
    checksConditions: options.checksConditions ?? false,
    // https://github.com/elastic/kibana/pull/247093; late patches of 9.1 and 9.2 have it too.
    limitsLists: isFrom(parsed, [9, 3, 1]),
    namesUploads: isFrom(parsed, [9, 2, 0]),
    level: 'available',
    spaces: new Set(['default', ...spaces]),
    license: options.license ?? 'basic',
    registry: registry === 'unreachable' ? registry : new Set(registry),
    secretStorage: options.secretStorage ?? true,
    delayedUploads: options.delayedUploads ?? 0,
    dataStreams: new Map(dataStreams.map((stream) => [stream.name, stream])),
    packages: new Map(installed.map((one) => [one.name, toInstalled(one)])),
    agentPolicies: new Map(agentPolicies.map((policy) => [policy.id, { namespace: 'default', agents: 0, ...policy }])),
    policies: new Map(policies.map((policy) => [policy.id, policy])),
    secrets: new Map(),
  };
}

/** https://github.com/elastic/kibana/pull/286094 */
function checksUploads([major, minor, patch]: Version): boolean {
  if (major === 8) return minor === 19 && patch >= 22;
  return minor > 5 || (minor === 5 && patch >= 4) || (minor === 4 && patch >= 7);
}

/** A package with nothing but its datasets. */
export function toInstalled({ datasets = [], name, source, status = 'installed', version }: InstalledOptions): InstalledPackage {
  const info = {
    name,
    version,
    title: name,
    type: 'integration',
    description: name,
    format_version: '3.0.0',
    owner: { github: 'elastic/integrations', type: 'elastic' },
    policy_templates: [],
    data_streams: datasets.map((dataset) => ({ title: dataset, type: 'logs', dataset, path: dataset })),
  };
  const templates = datasets.map((dataset) => ({ id: `logs-${dataset}`, type: 'index_template' }));
  return { info, source, status, templates: {}, kibanaAssets: [], elasticsearchAssets: templates };
}
