import type { VariableValue } from '../definition/definition.ts';

/** What a user configured, checked and completed with the declared defaults: what `loadSettings` returns. */

export interface Settings {
  readonly elasticsearch: ElasticsearchSettings;
  readonly kibana: KibanaSettings;
  readonly state: StateSettings;
  readonly health: HealthSettings;
  readonly connections: readonly ConnectionSettings[];
}

/** Where the state survives. */
export interface StateSettings {
  /** Folder of dead letters, and of checkpoints where `store` is `file`. */
  readonly path: string;
  /** `file`: for one process on one machine; `elasticsearch`: shared by collectors, survives a lost disk. */
  readonly store: 'file' | 'elasticsearch';
  /** After how long without a sign of life others take over what a collector holds, in milliseconds; where `store` is `elasticsearch`. */
  readonly leaseMs: number;
  readonly deadLetters: DeadLetterSettings;
}

/** How a collection shows that it is well. */
export interface HealthSettings {
  /** Where metrics and probes answer; nowhere without it. */
  readonly address?: HealthAddress;
  /** From this lag on a partition counts as late, in milliseconds. */
  readonly maxLagMs: number;
  /** Time between two signs of life in the collector data stream, in milliseconds; 0 for none. */
  readonly heartbeatMs: number;
}

/** An address to listen on; port 0 takes a free one. */
export interface HealthAddress {
  readonly host: string;
  readonly port: number;
}

/** Where records that cannot be stored are kept. */
export interface DeadLetterSettings {
  /** `file`: in the folder `path`; `elasticsearch`: in the collector data stream, what that does not take in the file. */
  readonly store: 'file' | 'elasticsearch';
  /** How large the file may become. */
  readonly maxBytes: number;
}

export type ElasticsearchCredential =
  | { readonly kind: 'none' }
  | { readonly kind: 'apiKey'; readonly apiKey: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string };

export interface ElasticsearchSettings {
  /** Address of one node or load balancer; derived from `cloud_id` where that is given. */
  readonly url: string;
  readonly credential: ElasticsearchCredential;
  /** Where events are mapped: by Elasticsearch's ingest pipeline, or in this process. */
  readonly pipeline: 'server' | 'edge';
  /** Absent where no database is configured. */
  readonly geoip?: GeoipSettings;
  /** Of the settings, or else of the environment. */
  readonly proxyUrl?: string;
  readonly ssl: SslSettings;
}

/** How Kibana is reached; only what works with it needs an address, which the command line may name. */
export interface KibanaSettings {
  readonly url?: string;
  readonly credential: ElasticsearchCredential;
  /** Id of the space; the default one where absent. */
  readonly space?: string;
  readonly proxyUrl?: string;
  readonly ssl: SslSettings;
  /** Time between two looks at the integration policies, in milliseconds. */
  readonly intervalMs: number;
}

/** Paths of databases in MaxMind's format: where events are mapped in this process, places and networks are looked up in them. */
export interface GeoipSettings {
  readonly city?: string;
  readonly asn?: string;
}

/** Paths of PEM files, and whether certificates are checked. */
export interface SslSettings {
  readonly certificateAuthorities: readonly string[];
  readonly certificate?: string;
  readonly key?: string;
  readonly verification: 'full' | 'none';
}

export type CloudflareCredential = { readonly kind: 'token'; readonly token: string } | { readonly kind: 'key'; readonly email: string; readonly key: string };

/** One credential and the streams that it collects. */
export interface ConnectionSettings {
  readonly name: string;
  /** Name of the integration policy in Kibana that asks for it; absent where the settings file does. */
  readonly policy?: string;
  readonly namespace: string;
  /** Base address, ending in `/client/v4`. */
  readonly apiUrl: string;
  readonly credential: CloudflareCredential;
  readonly proxyUrl?: string;
  readonly ssl: SslSettings;
  /** Time-out of one request, in milliseconds. */
  readonly timeoutMs: number;
  /** Connections and collectors with the same name share one rate budget. @default that of the credential's user */
  readonly rateBudget?: string;
  /** Part of the user's requests that is taken, above 0 and up to 1. @default 0.5 */
  readonly rateBudgetShare?: number;
  readonly streams: readonly StreamSettings[];
}

/** What one connection collects of one data stream. */
export interface StreamSettings {
  /** Name of the declared data stream. */
  readonly stream: string;
  /** Account or zone ids; empty for a user source, and where `all` is still to be asked for. */
  readonly scopeIds: readonly string[];
  /** Present where Cloudflare is asked for the ids. */
  readonly all?: AllScopes;
  readonly intervalMs: number;
  readonly initialIntervalMs: number;
  /** Names of the record's fields to ask for, presets resolved; empty where the stream has no choice of fields. */
  readonly fields: readonly string[];
  /** Values of the stream's variables of type `select`, by name: they choose between its sources. */
  readonly choices: Readonly<Record<string, string>>;
  /** Whether persons whom a record names by id alone are looked up in the account's members list. @default false */
  readonly resolveMembers?: true;
  readonly tags: readonly string[];
  /** The user's values of variables that the mapping reads, as `_conf` carries them. @default none */
  readonly sent?: Readonly<Record<string, VariableValue>>;
}

/** Every active account or zone that the credential sees, chosen by name. */
export interface AllScopes {
  readonly scope: 'account' | 'zone';
  /** Patterns of names: `*` and `?` stand for any characters; those with a leading `!` leave out. Empty for all names. */
  readonly names: readonly string[];
}
