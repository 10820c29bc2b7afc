/** What goes into a cluster, compiled: bodies as Elasticsearch takes them, by name. */
export interface Artefacts {
  readonly pipelines: Readonly<Record<string, object>>;
  readonly componentTemplates: Readonly<Record<string, object>>;
  readonly indexTemplates: Readonly<Record<string, object>>;
}

/** Which package, and whose. */
export interface PackageIdentity {
  /** E.g. `cloudflare_api`. */
  readonly name: string;
  /** Semantic version. */
  readonly version: string;
}
