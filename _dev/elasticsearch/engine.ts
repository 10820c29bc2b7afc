/** The four ways to an engine, in the order in which they are tried. */
export const ways = ['url', 'home', 'docker', 'core'] as const;

/** One of the four ways to an engine. */
export type Way = (typeof ways)[number];

/** Who to log in as, by HTTP basic authentication. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What one engine can do; found out by asking it, nothing is written. */
export interface Capabilities {
  /** Pipelines may hold processors. */
  readonly ingest: boolean;
  /** `GET _data_stream` and its kin answer. */
  readonly dataStreamApi: boolean;
  /** `GET /` answers. Without it @elastic/elasticsearch still works, but `client.info()` does not. */
  readonly rootApi: boolean;
  /** `index.lifecycle.*` is a known setting. */
  readonly lifecycle: boolean;
  /** The stack's own component templates (`ecs@mappings`, `logs@settings`) are there. */
  readonly stackTemplates: boolean;
  /** Field types of ours that the engine does not know; `toNearestTypes` replaces them. */
  readonly missingFieldTypes: readonly string[];
}

/** An engine that answers, as one way gives it. */
export interface RunningEngine {
  /** Base address without credentials and without a slash at the end. */
  readonly url: string;
  readonly credentials?: Credentials;
  /** Where it comes from, for a person: `ELASTICSEARCH_HOME=/opt/elasticsearch`. */
  readonly origin: string;
  /** Ends it and removes what it left; returns when both are done. Does nothing to an engine that somebody else runs. */
  readonly stop: () => Promise<void>;
}

/** What is wanted of an engine. */
export interface EngineRequest {
  /** The environment: DEV_ELASTICSEARCH*, ELASTICSEARCH_HOME, ES_JAVA_HOME, JAVA_HOME, PATH, HOME, TMPDIR, XDG_CACHE_HOME. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Version asked for by name, e.g. `8.19.0`; an engine of another version is refused. */
  readonly version: string | undefined;
  /** Users and roles on. */
  readonly security: boolean;
  /** Java heap, e.g. `1g`. */
  readonly heap: string;
  /** Whether docker may pull its image (1 GB) and core fetch its archive (100 MB); `core`: only the latter. */
  readonly mayDownload: boolean | 'core';
  readonly startTimeoutMs: number;
  /** Takes one line of progress. */
  readonly log: (line: string) => void;
}

/** The version that is started where nobody names one. */
export const defaultVersion = '9.2.0';

/** Why one way does not lead to an engine; the next is tried. */
export class EngineFailure extends Error {}

/** A way that nobody has asked for: its variable is not set, or this machine has no such thing. Not worth a line of progress. */
export class WayNotGiven extends EngineFailure {}
