import type { PackagePolicy } from './package-policy.ts';

/** What somebody may do; `none` may ask for the status only. */
export type Rights = 'all' | 'read' | 'none';

/** Something a client may identify itself with. */
export type CredentialOptions =
  | { readonly kind: 'apiKey'; readonly encoded: string; readonly rights?: Rights }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string; readonly rights?: Rights };

/** A credential that every simulated Kibana knows where none is named. */
export const DEMO_API_KEY = 'a2liYW5hLWRlbW86bm90LWEtcmVhbC1rZXk=';

/** A group of agents with one configuration. */
export interface AgentPolicyOptions {
  readonly id: string;
  readonly name: string;
  /** @default default */
  readonly namespace?: string;
  /** How many agents run it. @default 0 */
  readonly agents?: number;
}

/** A data stream that Elasticsearch has. */
export interface LiveDataStream {
  readonly name: string;
  /** Name of the package in `_meta` of its template; undefined where it has none. */
  readonly packageName?: string;
}

/** A package that is there from the start. */
export interface InstalledOptions {
  readonly name: string;
  readonly version: string;
  readonly source: 'registry' | 'upload' | 'bundled' | 'custom';
  /** @default installed */
  readonly status?: 'installed' | 'installing' | 'install_failed';
  /** @default none */
  readonly datasets?: readonly string[];
}

/** What a simulated Kibana starts with. */
export interface KibanaOptions {
  /** @default 0: any free port */
  readonly port?: number;
  /** Version that it shows and behaves like. @default 9.5.4 */
  readonly version?: string;
  /** @default the demo API key with all rights */
  readonly credentials?: readonly CredentialOptions[];
  /** Ids of spaces besides `default`. @default none */
  readonly spaces?: readonly string[];
  /** Integration policies of agents are for everybody; those of none, or of several agent policies, need `enterprise`. @default basic */
  readonly license?: 'basic' | 'enterprise';
  /** Names of packages in the registry, or that it does not answer. @default a few of Elastic's */
  readonly registry?: readonly string[] | 'unreachable';
  readonly installed?: readonly InstalledOptions[];
  readonly dataStreams?: readonly LiveDataStream[];
  readonly agentPolicies?: readonly AgentPolicyOptions[];
  /** Integration policies that are there from the start. @default none */
  readonly policies?: readonly PackagePolicy[];
  /** Whether secrets are kept apart from policies. @default true */
  readonly secretStorage?: boolean;
  /** How many uploads have to wait a second first, as Kibana's have to within ten seconds of another. @default 0 */
  readonly delayedUploads?: number;
  /** Whether an upload is held to the package's condition on Kibana's version. Kibana's sources do not look at it there. @default false */
  readonly checksConditions?: boolean;
}
