/** A value of a form, as Fleet stores it. */
export interface PolicyVar {
  readonly type?: string;
  readonly value?: unknown;
}

/** Values by the names of their variables. */
export type PolicyVars = Readonly<Record<string, PolicyVar>>;

/** A data stream of an input, on or off. */
export interface PolicyStream {
  readonly id?: string;
  readonly enabled: boolean;
  readonly data_stream: { readonly type: string; readonly dataset: string };
  readonly vars?: PolicyVars;
  /** What an agent is told: the template, filled in. */
  readonly compiled_stream?: unknown;
}

/** An input of a policy, on or off. */
export interface PolicyInput {
  readonly type: string;
  readonly policy_template?: string;
  readonly enabled: boolean;
  readonly vars?: PolicyVars;
  readonly streams: readonly PolicyStream[];
}

/** An integration policy as `GET /api/fleet/package_policies` lists it. */
export interface PackagePolicy {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly namespace: string;
  readonly enabled: boolean;
  /** First of `policy_ids`. */
  readonly policy_id?: string | null;
  /** Agent policies that it belongs to. */
  readonly policy_ids: readonly string[];
  readonly package?: { readonly name: string; readonly title?: string; readonly version: string };
  readonly inputs: readonly PolicyInput[];
  readonly vars?: PolicyVars;
  readonly secret_references?: readonly { readonly id: string }[];
  readonly spaceIds?: readonly string[];
  /** Where it is asked for: how many agents run it. */
  readonly agents?: number;
  /** Changes with each save. */
  readonly version?: string;
  readonly revision: number;
  readonly created_at: string;
  readonly created_by: string;
  readonly updated_at: string;
  readonly updated_by: string;
}
