import type { Kibana } from './open-kibana.ts';
import type { FormValues } from './package-policy.ts';

/** A saved integration policy, in the simplified format. */
export interface StoredPolicy {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly namespace?: string;
  readonly policy_ids?: readonly string[];
  readonly package?: { readonly name: string; readonly version: string };
  readonly vars?: FormValues;
  readonly inputs?: Readonly<Record<string, StoredInput>>;
}

/** An input of a saved policy, and its data streams by dataset. */
export interface StoredInput {
  readonly enabled?: boolean;
  readonly vars?: FormValues;
  readonly streams?: Readonly<Record<string, { readonly enabled?: boolean; readonly vars?: FormValues }>>;
}

interface ListAnswer {
  readonly items?: readonly StoredPolicy[];
  readonly total?: number;
}

interface ListOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether each says how many agents have it. @default false */
  readonly withAgentCount?: boolean;
  /** Privileges that it needs, for the hint of a 403. @default what installing needs */
  readonly right?: string;
}

const PER_PAGE = 100;

/**
 * The integration policies whose field has a value, e.g. `package.name` or `name`.
 * @throws KibanaError
 */
export async function listPolicies(
  kibana: Kibana,
  [field, value]: readonly [field: string, value: string],
  { signal, withAgentCount = false, right }: ListOptions = {},
): Promise<readonly StoredPolicy[]> {
  const kuery = `ingest-package-policies.${field}:"${value.replace(/["\\]/g, '\\$&')}"`;
  const call = {
    what: 'listing the integration policies',
    method: 'GET',
    path: '/api/fleet/package_policies',
    ...(right === undefined ? {} : { right }),
  } as const;
  const found = new Map<string, StoredPolicy>();
  for (let page = 1, left = true; left; page += 1) {
    const query = { kuery, page, perPage: PER_PAGE, format: 'simplified', withAgentCount };
    const { body, status } = await kibana.request<ListAnswer | null>({ ...call, query }, signal);
    if (!Array.isArray(body?.items)) throw kibana.refuse(call, { status, body: '', fault: 'no-kibana' });
    for (const policy of body.items) found.set(policy.id, policy);
    left = body.items.length > 0 && page * PER_PAGE < (body.total ?? 0);
  }
  return [...found.values()];
}
