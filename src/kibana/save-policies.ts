import { randomUUID } from 'node:crypto';
import type { PackageForm } from './fetch-form.ts';
import { hasReadableSecrets } from './form-secrets.ts';
import type { StoredPolicy } from './list-policies.ts';
import type { Kibana, KibanaAnswer } from './open-kibana.ts';
import { type PolicyBody, toUpgradedBody } from './policy-body.ts';
import type { Undo } from './take-back.ts';

/** What is to be done with one integration policy. */
export type PolicyChange =
  | { readonly act: 'create'; readonly body: PolicyBody }
  /** It is for a new version of the package; its values stay. */
  | { readonly act: 'upgrade'; readonly body: PolicyBody; readonly stored: StoredPolicy }
  /** Its values are replaced, hidden ones too. */
  | { readonly act: 'replace'; readonly body: PolicyBody; readonly stored: StoredPolicy };

interface SaveOptions {
  readonly form: PackageForm;
  /** Takes what was done, as it is done. */
  readonly undos: Undo[];
  readonly signal?: AbortSignal | undefined;
}

const PATH = '/api/fleet/package_policies';
const FORMAT = { format: 'simplified' } as const;

/** The part of an answer that is read. */
interface SavedAnswer {
  readonly item?: Pick<StoredPolicy, 'inputs' | 'vars'>;
}

/**
 * Makes the changes; last those that cannot be taken back.
 * @returns names of the policies that show their secrets to whoever may read them
 * @throws KibanaError, InterruptedError
 */
export async function savePolicies(kibana: Kibana, changes: readonly PolicyChange[], options: SaveOptions): Promise<ReadonlySet<string>> {
  const isFinal = ({ act }: PolicyChange): boolean => act === 'replace';
  const ordered = [...changes.filter((change) => !isFinal(change)), ...changes.filter(isFinal)];
  const readable = new Set<string>();
  for (const change of ordered) {
    const { body } = await (change.act === 'create' ? create(kibana, change.body, options) : update(kibana, change, options));
    if (hasReadableSecrets(options.form, body?.item ?? {})) readable.add(change.body.name);
  }
  return readable;
}

async function create(kibana: Kibana, body: PolicyBody, { signal, undos }: SaveOptions): Promise<KibanaAnswer<SavedAnswer | null>> {
  const id = randomUUID();
  const what = `the integration policy ${body.name}`;
  // Before the request: one without an answer may have been carried out. And one that was not, is none to remove.
  undos.push({ what, run: () => kibana.request({ what: `removing ${what}`, method: 'DELETE', path: `${PATH}/${id}`, allow: [404] }) });
  return kibana.request({ what: `creating ${what}`, method: 'POST', path: PATH, query: FORMAT, body: { id, ...body } }, signal);
}

async function update(
  kibana: Kibana,
  { act, body, stored }: Exclude<PolicyChange, { readonly act: 'create' }>,
  { form, signal, undos }: SaveOptions,
): Promise<KibanaAnswer<SavedAnswer | null>> {
  const path = `${PATH}/${encodeURIComponent(stored.id)}`;
  const what = `the changes of the integration policy ${body.name}`;
  const call = { what: `updating the integration policy ${body.name}`, method: 'PUT', path, query: FORMAT, body } as const;
  const saved = await kibana.request<SavedAnswer | null>(call, signal);
  const back = toUpgradedBody(form, stored);
  // Kibana forgets a secret as soon as another one takes its place.
  if (act === 'replace') undos.push({ what, stays: 'its former secrets are gone' });
  else undos.push({ what, run: () => kibana.request({ what: `taking back ${what}`, method: 'PUT', path, body: back }) });
  return saved;
}
