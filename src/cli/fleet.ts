import { isDeepStrictEqual } from 'node:util';
import { openCloudflare } from '../cloudflare/open-cloudflare.ts';
import type { PackageDefinition } from '../definition/definition.ts';
import { type Fault, PolicyError, SettingsError } from '../errors.ts';
import { checkVersion } from '../kibana/check-version.ts';
import type { Kibana } from '../kibana/open-kibana.ts';
import type { PackagePolicy } from '../kibana/package-policy.ts';
import { checkNames, toPlace } from '../kibana/policy-names.ts';
import { createReadNamespace, type ReadNamespace, readPolicies } from '../kibana/read-policies.ts';
import { type TypedConnection, toConnection } from '../kibana/to-connection.ts';
import { type CompleteConnection, createCompleteConnection } from '../settings/complete-connection.ts';
import type { ConnectionSettings } from '../settings/settings.ts';
import type { CommandContext } from './context.ts';
import { findDouble } from './find-double.ts';
import { toVariablePlace } from './setting-place.ts';

/** What the integration policies in Kibana come to. */
export interface Policies {
  readonly connections: readonly ConnectionSettings[];
  /** Policies that cannot be collected as they are; one that could before goes on as it was. */
  readonly refused: readonly PolicyError[];
  /** What is good to know, a sentence each. */
  readonly notes: readonly string[];
}

interface FleetOptions {
  readonly definition: PackageDefinition;
  readonly env: CommandContext['env'];
  /** Those of the settings file. */
  readonly connections: readonly ConnectionSettings[];
  /** Makes paths of the settings file's folder absolute. */
  readonly resolvePath: (path: string) => string;
  readonly folder: string;
  /** Opens Kibana for one look. */
  readonly open: () => Promise<Kibana>;
}

/** A policy that could be collected, and what it came to. */
interface Good {
  readonly policy: PackagePolicy;
  readonly typed: TypedConnection;
  readonly connection: ConnectionSettings;
}

/** The connections that people have typed in Kibana. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #completeConnection: CompleteConnection;
  /** Whether Kibana's version will do. */
  #isKnown = false;
  /** By id of the policy. */
  #good: ReadonlyMap<string, Good> = new Map();

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#completeConnection = createCompleteConnection(options.definition);
  }

  /**
   * Asks Kibana for the policies as they are saved now.
   * @throws KibanaError where it cannot be asked
   */
  async read(signal: AbortSignal): Promise<Policies> {
    const { definition, open } = this.#options;
    const kibana = await open();
    try {
      if (!this.#isKnown) await checkVersion(kibana, { attempt: 'reading the integration policies', needed: definition.kibanaVersion, signal });
      this.#isKnown = true;
      const policies = (await readPolicies(kibana, definition.name, signal)).filter(({ enabled }) => enabled);
      return await this.#judge(policies, createReadNamespace(kibana, signal));
    } finally {
      await kibana.close();
    }
  }

  async #judge(policies: readonly PackagePolicy[], readNamespace: ReadNamespace): Promise<Policies> {
    const { connections } = this.#options;
    const taken = connections.map(({ name }) => name);
    const names = checkNames(
      policies.filter((policy) => !isAssigned(policy)),
      taken,
    );
    const [good, refused, notes] = [new Map<string, Good>(), [] as PolicyError[], [] as string[]];
    // Those that are collected already come first: of two that collect the same, the newcomer is refused.
    for (const policy of policies.toSorted((a, b) => Number(this.#good.has(b.id)) - Number(this.#good.has(a.id)))) {
      try {
        refuseAssigned(policy);
        const one = await this.#toGood(policy, names.get(policy.id), readNamespace);
        refuseDouble(one, [...connections, ...[...good.values()].map(({ connection }) => connection)]);
        notes.push(...toNotes(one, this.#good.get(policy.id)));
        good.set(policy.id, one);
      } catch (error) {
        if (!(error instanceof PolicyError)) throw error;
        refused.push(error);
        const before = this.#good.get(policy.id);
        if (before !== undefined && !isAssigned(policy)) good.set(policy.id, before);
      }
    }
    this.#good = good;
    return { connections: [...good.values()].map(({ connection }) => connection), refused, notes };
  }

  async #toGood(policy: PackagePolicy, wrongName: Fault | undefined, readNamespace: ReadNamespace): Promise<Good> {
    if (wrongName !== undefined) throw new PolicyError([wrongName]);
    const { definition, env } = this.#options;
    const inherits = policy.namespace === '' && policy.agentPolicyIds.length > 0;
    const namespace = inherits ? await readNamespace(policy) : undefined;
    const typed = toConnection(policy, { definition, env, namespace });
    const before = this.#good.get(policy.id);
    // Checking takes time, and there may be many.
    const isSame = before !== undefined && isDeepStrictEqual(before.typed.connection, typed.connection);
    return { policy, typed, connection: isSame ? before.connection : await this.#complete(policy, typed) };
  }

  /** What cannot be opened is found here, where it concerns one policy. */
  async #complete(policy: PackagePolicy, { connection }: TypedConnection): Promise<ConnectionSettings> {
    const { definition, env, folder, resolvePath } = this.#options;
    const file = toPlace(policy);
    try {
      const completed = { ...this.#completeConnection(connection, { file, folder, resolvePath }), policy: policy.name };
      await (await openCloudflare(completed, { version: definition.version, env })).close();
      return completed;
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      throw new PolicyError(
        error.faults.map((fault) => (fault.file === file ? { ...fault, path: toVariablePlace(fault.path) } : { ...fault, file: `${file}: ${fault.file}` })),
      );
    }
  }
}

/** Where Kibana does not say how many agents there are, there may be some. */
function isAssigned({ agents, agentPolicyIds }: PackagePolicy): boolean {
  return agents === undefined ? agentPolicyIds.length > 0 : agents > 0;
}

function refuseAssigned(policy: PackagePolicy): void {
  if (!isAssigned(policy)) return;
  const { agents } = policy;
  const who = agents === undefined ? 'it belongs to an agent policy' : `${agents} Elastic ${agents === 1 ? 'Agent collects' : 'Agents collect'} with it`;
  const message = `${who}, so everything would be collected twice`;
  throw new PolicyError([{ file: toPlace(policy), path: '', message, hint: 'Move it to an agent policy without agents, or leave it to the agents.' }]);
}

function refuseDouble({ policy, connection }: Good, others: readonly ConnectionSettings[]): void {
  const double = findDouble(connection, others);
  if (double === undefined) return;
  const message = `${double.stream} of ${double.scopeId} is collected by ${double.by} already, into the same namespace`;
  throw new PolicyError([{ file: toPlace(policy), path: '', message, hint: 'Remove it from one of them.' }]);
}

function toNotes({ policy, typed, connection }: Good, before: Good | undefined): readonly string[] {
  const place = toPlace(policy);
  const renamed = before !== undefined && before.connection.name !== connection.name;
  const rotated = Object.keys(typed.secrets).filter((name) => before !== undefined && !isDeepStrictEqual(before.typed.secrets[name], typed.secrets[name]));
  return [
    ...typed.notes.map((note) => `${place}: ${note}`),
    ...(renamed ? [`${place} was called ${JSON.stringify(before.policy.name)}: under its new name it begins anew, and \`state list\` shows both`] : []),
    ...rotated.map(
      (name) =>
        `${place}: ${name} was changed in Kibana, which does not show it; the collector goes on with the one of its environment until it is started again`,
    ),
  ];
}
