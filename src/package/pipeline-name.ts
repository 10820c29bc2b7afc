/** Name that Fleet gives a data stream's ingest pipeline, e.g. `logs-cloudflare_api.audit-0.1.0`. */
export function toPipelineName(packageName: string, stream: string, version: string): string {
  return `logs-${packageName}.${stream}-${version}`;
}

/** Which stream and version a pipeline's name stands for; undefined where it is none of the package's. Further files of a pipeline follow the version after a dash. */
export function parsePipelineName(packageName: string, name: string): { readonly stream: string; readonly version: string } | undefined {
  const prefix = `logs-${packageName}.`;
  const match = name.startsWith(prefix) ? /^([a-z0-9_]+)-(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/.exec(name.slice(prefix.length)) : null;
  const [, stream, version] = match ?? [];
  return stream === undefined || version === undefined ? undefined : { stream, version };
}

/** Tells whether a version's documents are those this version knows: the same major version, and not newer. */
export function isKnownVersion(version: string, own: string): boolean {
  const [major = 0, minor = 0, patch = 0] = toNumbers(version);
  const [ownMajor = 0, ownMinor = 0, ownPatch = 0] = toNumbers(own);
  return major === ownMajor && (minor < ownMinor || (minor === ownMinor && patch <= ownPatch));
}

function toNumbers(version: string): number[] {
  return (version.split(/[-+]/)[0] ?? '').split('.').map(Number);
}
