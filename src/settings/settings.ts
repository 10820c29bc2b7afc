/** What a user configured, checked and completed with the declared defaults: what `loadSettings` returns. */

export interface Settings {
  readonly elasticsearch: ElasticsearchSettings;
  readonly state: StateSettings;
  readonly connections: readonly ConnectionSettings[];
}

/** Where the state survives. */
export interface StateSettings {
  /** Folder of dead letters, and of checkpoints where `store` is `file`. */
  readonly path: string;
  /** `file`: for one process on one machine; `elasticsearch`: shared by collectors, survives a lost disk. */
  readonly store: 'file' | 'elasticsearch';
  readonly deadLetters: DeadLetterSettings;
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
  readonly ssl: SslSettings;
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
  readonly namespace: string;
  /** Base address, ending in `/client/v4`. */
  readonly apiUrl: string;
  readonly credential: CloudflareCredential;
  readonly proxyUrl?: string;
  readonly ssl: SslSettings;
  /** Time-out of one request, in milliseconds. */
  readonly timeoutMs: number;
  readonly streams: readonly StreamSettings[];
}

/** What one connection collects of one data stream. */
export interface StreamSettings {
  /** Name of the declared data stream. */
  readonly stream: string;
  /** Account or zone ids; empty for a user source. */
  readonly scopeIds: readonly string[];
  readonly intervalMs: number;
  readonly initialIntervalMs: number;
  /** Names of the record's fields to ask for, presets resolved; empty where the stream has no choice of fields. */
  readonly fields: readonly string[];
  /** Values of the stream's variables of type `select`, by name: they choose between its sources. */
  readonly choices: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
}
