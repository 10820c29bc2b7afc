import { isNewer } from '../definition/semver.ts';
import { KibanaError } from '../errors.ts';
import { checkVersion } from './check-version.ts';
import { errorHints } from './error-hints.ts';
import { fetchForm, type PackageForm } from './fetch-form.ts';
import { fetchInstalled, type InstalledPackage } from './fetch-installed.ts';
import { type AgentPolicy, findAgentPolicy } from './find-agent-policy.ts';
import { toSecretNames } from './form-secrets.ts';
import { listPolicies, type StoredPolicy } from './list-policies.ts';
import type { Kibana } from './open-kibana.ts';
import { findDifferences, findLeftOut, type GivenConnection, toPolicyBody, toUpgradedBody } from './policy-body.ts';
import { type PolicyChange, savePolicies } from './save-policies.ts';
import { takeBack, type Undo } from './take-back.ts';
import { uploadPackage } from './upload-package.ts';

/** A package to be installed. */
export interface PackageToInstall {
  readonly name: string;
  readonly version: string;
  /** Kibana versions that it needs, as semver range. */
  readonly kibanaVersion: string;
  readonly zip: Uint8Array;
}

/** What is made of a package beside its installation. */
export interface InstallOptions {
  /** Each with streams becomes an integration policy of its name. */
  readonly connections: readonly GivenConnection[];
  /** Id or name of the agent policy that new integration policies belong to. @default none, which Kibana allows with an Enterprise licence */
  readonly agentPolicy?: string | undefined;
  /** Give policies that are there already the values of their connections, secrets included. @default false */
  readonly updatePolicies?: boolean;
  /** Leave the secrets out of what is saved: whoever collects takes them from elsewhere. @default false */
  readonly withoutSecrets?: boolean;
  readonly signal?: AbortSignal;
}

/** One thing that was done or found, in order. */
export interface KibanaStep {
  readonly act: 'install' | 'upgrade' | 'install again' | 'create' | 'update' | 'keep';
  readonly kind: 'package' | 'integration policy';
  readonly name: string;
  /** Why or how, where it is not plain. */
  readonly reason?: string;
}

/**
 * Installs a package through Kibana's Fleet and makes an integration policy of each connection. All that can be known before is checked before; what this run
 * has made is taken back when Kibana refuses a policy. Run again, it keeps what is there.
 * @throws KibanaError, InterruptedError
 */
export async function installInKibana(kibana: Kibana, pack: PackageToInstall, options: InstallOptions): Promise<readonly KibanaStep[]> {
  const { connections, signal } = options;
  const before = await checkBefore(kibana, pack, signal);
  const agentPolicy = options.agentPolicy === undefined ? undefined : await findAgentPolicy(kibana, options.agentPolicy, signal);
  const wanted = connections.filter(({ streams = {} }) => Object.keys(streams).length > 0);
  const stored = await findStored(kibana, pack, wanted, signal);
  const outdated = await findOutdated(kibana, pack, wanted, signal);
  await uploadPackage(kibana, pack, signal);
  const undos: Undo[] = toUploadUndos(kibana, pack, before);
  try {
    const form = await fetchForm(kibana, pack, signal);
    const toOne = (connection: GivenConnection): Plan => toPlan({ form, connection, stored: stored.get(connection.name), agentPolicy, options });
    const plan = wanted.map(toOne);
    const changes = plan.flatMap(({ change }) => change ?? []);
    const readable = await savePolicies(kibana, changes, { form, undos, signal });
    const toNoted = ({ step }: Plan): KibanaStep => (readable.has(step.name) ? { ...step, reason: `${step.reason}; ${READABLE}` } : step);
    return [toPackageStep(pack, before), ...plan.map(toNoted), ...outdated];
  } catch (error) {
    throw error instanceof KibanaError ? await takeBack(error, undos) : error;
  }
}

const READABLE =
  'WARNING: whoever may read it in Kibana sees its secrets, since Kibana keeps them apart only with a Fleet Server; --without-secrets leaves them out';

/** A package that was not there goes again; an upgrade stays. */
function toUploadUndos(kibana: Kibana, { name, version }: PackageToInstall, before: InstalledPackage | undefined): Undo[] {
  const what = `the package ${name} ${version}`;
  if (before?.version === version) return [];
  if (before !== undefined) return [{ what, stays: `${before.version} was there, and Kibana cannot go back` }];
  const path = `/api/fleet/epm/packages/${name}/${version}`;
  const run = async (): Promise<void> => {
    // With a package, Kibana deletes its policies too, and somebody may have made one meanwhile.
    const policies = await listPolicies(kibana, ['package.name', name]);
    if (policies.length > 0) throw new KibanaError(`it has integration policies by now`, { reason: 'in-use', hint: errorHints.inUse });
    await kibana.request({ what: `removing ${what}`, method: 'DELETE', path });
  };
  return [{ what, run }];
}

/** What is installed, once it is clear that it may be replaced. */
async function checkBefore(kibana: Kibana, { kibanaVersion, name, version }: PackageToInstall, signal?: AbortSignal): Promise<InstalledPackage | undefined> {
  const attempt = `installing ${name} ${version}`;
  await checkVersion(kibana, { attempt, needed: kibanaVersion, signal });
  const installed = await fetchInstalled(kibana, name, signal);
  if (installed !== undefined && installed.source !== 'upload') {
    const message = `${attempt}: ${kibana.url} has ${name} ${installed.version} from another source (${installed.source})`;
    throw new KibanaError(message, { reason: 'name-in-registry', hint: errorHints.registryName });
  }
  if (installed !== undefined && isNewer(installed.version, version)) {
    throw new KibanaError(`${attempt}: ${kibana.url} has the newer ${installed.version}`, { reason: 'newer', hint: errorHints.newer });
  }
  return installed;
}

/**
 * The policies of the connections' names that are there.
 * @throws KibanaError where one is another package's
 */
async function findStored(
  kibana: Kibana,
  { name: packageName }: PackageToInstall,
  wanted: readonly GivenConnection[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, StoredPolicy>> {
  const found = new Map<string, StoredPolicy>();
  for (const { name } of wanted) {
    const policy = (await listPolicies(kibana, ['name', name], { signal })).find((one) => one.name === name);
    if (policy === undefined) continue;
    if (policy.package?.name !== packageName) {
      const message = `creating the integration policy ${name}: ${kibana.url} has one of this name, of the package ${policy.package?.name ?? 'of nobody'}`;
      throw new KibanaError(message, { reason: 'name-taken', hint: errorHints.nameTaken });
    }
    found.set(name, policy);
  }
  return found;
}

interface PlanOptions {
  readonly form: PackageForm;
  readonly connection: GivenConnection;
  readonly stored: StoredPolicy | undefined;
  readonly agentPolicy: AgentPolicy | undefined;
  readonly options: InstallOptions;
}

interface Plan {
  readonly step: KibanaStep;
  readonly change?: PolicyChange;
}

function toPlan({ agentPolicy, connection, form, options, stored }: PlanOptions): Plan {
  const shown = options.withoutSecrets === true ? omitSecrets(form, connection) : connection;
  const body = toPolicyBody(form, shown, agentPolicy === undefined ? (stored?.policy_ids ?? []) : [agentPolicy.id]);
  const leftOut = findLeftOut(form, shown, body);
  const without = leftOut.length === 0 ? '' : `; without ${leftOut.join(', ')}, which the form does not have`;
  const step = (act: KibanaStep['act'], reason: string): KibanaStep => ({ act, kind: 'integration policy', name: connection.name, reason });
  if (stored === undefined) {
    const streams = Object.keys(connection.streams ?? {}).join(', ');
    const place = agentPolicy === undefined ? 'of no agent policy' : `of the agent policy ${agentPolicy.name}`;
    return { step: step('create', `${streams}; ${place}${without}`), change: { act: 'create', body } };
  }
  if (options.updatePolicies === true) return { step: step('update', `to the values of the settings${without}`), change: { act: 'replace', body, stored } };
  const differences = findDifferences(form, body, stored);
  const note = differences.length === 0 ? 'as in the settings' : `differs from the settings in ${differences.join(', ')}; --update-policies changes it`;
  if (stored.package?.version === form.version) return { step: step('keep', note) };
  const reason = `was of version ${stored.package?.version}; ${note}`;
  return { step: step('update', reason), change: { act: 'upgrade', body: toUpgradedBody(form, stored), stored } };
}

/** Secrets are of a connection, never of a stream. */
function omitSecrets(form: PackageForm, connection: GivenConnection): GivenConnection {
  const secrets = toSecretNames(form);
  return { ...Object.fromEntries(Object.entries(connection).filter(([name]) => !secrets.has(name))), name: connection.name };
}

function toPackageStep({ name, version }: PackageToInstall, before: InstalledPackage | undefined): KibanaStep {
  const step = { kind: 'package', name: `${name} ${version}` } as const;
  if (before === undefined) return { ...step, act: 'install', reason: 'was not there' };
  if (before.version === version) return { ...step, act: 'install again', reason: 'this version was there' };
  return { ...step, act: 'upgrade', reason: `from ${before.version}` };
}

/** Policies that no connection names stay as they are, on the version that they were made for. */
async function findOutdated(
  kibana: Kibana,
  { name, version }: PackageToInstall,
  wanted: readonly GivenConnection[],
  signal?: AbortSignal,
): Promise<readonly KibanaStep[]> {
  const names = new Set(wanted.map((connection) => connection.name));
  const others = (await listPolicies(kibana, ['package.name', name], { signal })).filter(
    (policy) => !names.has(policy.name) && policy.package?.version !== version,
  );
  return others.map((policy) => ({
    act: 'keep',
    kind: 'integration policy',
    name: policy.name,
    reason: `no connection of the settings; is of version ${policy.package?.version}, to be upgraded in Kibana`,
  }));
}
