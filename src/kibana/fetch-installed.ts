import type { Kibana } from './open-kibana.ts';

/** A package as Kibana has it. */
export interface InstalledPackage {
  readonly version: string;
  /** How it came there: `upload`, `registry`, `bundled` or `custom`. */
  readonly source: string;
}

interface Installation {
  readonly version?: string;
  readonly install_source?: string;
}

/** The part of the answer that is read; before 9.0 the installation stands below `savedObject` too. */
interface PackageAnswer {
  readonly item?: {
    readonly version?: string;
    readonly status?: string;
    readonly installationInfo?: Installation;
    readonly savedObject?: { readonly attributes?: Installation };
  };
}

/**
 * The installed package of that name; undefined where it is not installed, or only begun to be.
 * @throws KibanaError
 */
export async function fetchInstalled(kibana: Kibana, name: string, signal?: AbortSignal): Promise<InstalledPackage | undefined> {
  const call = {
    what: `asking whether ${name} is installed`,
    method: 'GET',
    path: `/api/fleet/epm/packages/${encodeURIComponent(name)}`,
    allow: [404],
  } as const;
  const { body, status } = await kibana.request<PackageAnswer | null>(call, signal);
  if (status === 404) return undefined;
  const item = body?.item;
  if (item === undefined) throw kibana.refuse(call, { status, body: '', fault: 'no-kibana' });
  if (item.status !== 'installed') return undefined;
  const { install_source: source = 'upload', version = item.version } = item.installationInfo ?? item.savedObject?.attributes ?? {};
  return { version: String(version), source };
}
