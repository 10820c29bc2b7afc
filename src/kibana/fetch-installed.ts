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
 * The installed package of that name, also where an installation is under way or has failed: it may have policies. Undefined where there is none.
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
  const installation = item.installationInfo ?? item.savedObject?.attributes;
  if (item.status === 'not_installed' || installation === undefined) return undefined;
  const { install_source: source = 'upload', version = item.version } = installation;
  return { version: String(version), source };
}
