import type { PackageIdentity } from './artefacts.ts';

/** `_meta` of a template or pipeline, as far as it tells whose it is. */
export interface Meta {
  readonly managed_by?: string;
  readonly package?: { readonly name?: string; readonly version?: string };
}

/** Who installed a template or a pipeline: this program, Kibana from the same package, or somebody else. */
export type Owner = 'us' | 'fleet' | 'other';

const MANAGED_BY = 'cloudflare-integration';

/** Marks a body as installed by this program; what else its `_meta` says stays. */
export function toOwned<Body extends object>(body: Body, { name, version }: PackageIdentity): Body & { readonly _meta: Meta } {
  const meta = '_meta' in body ? (body._meta as object) : {};
  return { ...body, _meta: { ...meta, managed_by: MANAGED_BY, managed: true, package: { name, version } } };
}

/** Tells who installed something, by its `_meta`. Kibana writes `managed_by: fleet` and the package's name. */
export function toOwner(meta: Meta | undefined, packageName: string): Owner {
  if (meta?.package?.name !== packageName) {
    return 'other';
  }
  return meta.managed_by === MANAGED_BY ? 'us' : meta.managed_by === 'fleet' ? 'fleet' : 'other';
}
