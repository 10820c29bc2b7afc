/** The declaration files as a person writes them. Their shape is what the JSON Schemas under `schema/` say; what they mean is checked afterwards. */

import type { ChangelogEntry } from './changelog-entry.ts';
import type {
  Conversion,
  PackageDefinition,
  PageDefinition,
  Scalar,
  Scope,
  SourceChoice,
  VariableType,
  VariableValue,
  WindowDefinition,
} from './definition.ts';
import type { GroupTable } from './field-origin.ts';
import type { MemberRole } from './members-definition.ts';
import type { RuleDefinition, SeverityName } from './rule-definition.ts';

/** `manifest.yml`. */
export interface ManifestDeclaration {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly format_version: string;
  readonly categories: readonly string[];
  readonly kibana_version: string;
  readonly owner: PackageDefinition['owner'];
  readonly repository: string;
  readonly policy_template: PackageDefinition['policyTemplate'];
  readonly variables: readonly VariableDeclaration[];
  readonly stream_variables: readonly VariableDeclaration[];
}

/** `changelog.yml`, newest version first. */
export type ChangelogDeclaration = readonly {
  readonly version: string;
  readonly changes: readonly {
    readonly description: string;
    readonly type: ChangelogEntry['changes'][number]['type'];
    readonly pull?: number;
    readonly issue?: number;
  }[];
}[];

export interface VariableDeclaration {
  readonly name: string;
  readonly type: VariableType;
  readonly title: string;
  readonly description: string;
  readonly required?: boolean;
  readonly multi?: boolean;
  readonly show_user?: boolean;
  readonly for?: 'both' | 'agent' | 'collector';
  readonly default?: VariableValue;
  readonly options?: readonly string[];
  readonly all?: boolean;
}

/** `data_stream/NAME/stream.yml`. */
export interface StreamDeclaration {
  readonly title: string;
  readonly description: string;
  readonly enabled?: boolean;
  readonly same_record_as?: string;
  readonly sources?: readonly SourceDeclaration[];
  readonly variables?: readonly VariableDeclaration[];
  readonly presets?: Readonly<Record<string, readonly string[]>>;
}

export interface SourceDeclaration {
  readonly name: string;
  readonly scope: Scope;
  readonly permission: string;
  readonly request: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly window: {
    readonly since: string;
    readonly before: string;
    readonly inclusive: WindowDefinition['inclusive'];
    readonly max: string;
    readonly retention: string;
    readonly begins?: string;
    readonly lag: string;
    readonly overlap: string;
  };
  readonly page?: PageDefinition;
  readonly records: string;
  readonly id: readonly string[];
  readonly time: string;
  readonly when?: SourceChoice;
  readonly continues?: string;
  readonly members?: Readonly<Partial<Record<MemberRole, MemberDeclaration>>>;
}

/** Where a source's records name a person by id alone. */
export interface MemberDeclaration {
  readonly id: string;
  readonly unless?: readonly string[];
  readonly other_than?: string;
  readonly when?: Readonly<Record<string, readonly string[]>>;
}

/** One entry of `data_stream/NAME/fields.yml`. */
export interface FieldDeclaration {
  readonly name: string;
  readonly type?: string;
  readonly description?: string;
  readonly from?: string | readonly string[];
  readonly to?: Conversion;
  readonly absent?: readonly Scalar[];
  readonly values?: Readonly<Record<string, Scalar>>;
  readonly before?: string;
  readonly after?: string;
  readonly value?: Scalar | readonly Scalar[];
  readonly between?: readonly [string, string];
  readonly text?: readonly (string | readonly string[])[];
  readonly point?: readonly [string, string];
  readonly collect?: readonly string[];
  readonly geo?: string;
  readonly as?: string;
  readonly user_agent?: string;
  readonly groups?: { readonly of: readonly string[]; readonly words: GroupTable };
  readonly listed?: { readonly of: readonly string[]; readonly in: string };
  readonly by?: 'rules' | 'pipeline' | 'collector' | 'agent';
  readonly when?: ConditionDeclaration;
  readonly mapping?: Readonly<Record<string, unknown>>;
}

/** Field names with what they must be, beside `not`, `and` and `or`; several keys must all hold. */
export interface ConditionDeclaration {
  readonly not?: ConditionDeclaration;
  readonly and?: readonly ConditionDeclaration[];
  readonly or?: readonly ConditionDeclaration[];
  readonly [field: string]: TestDeclaration | ConditionDeclaration | readonly ConditionDeclaration[] | undefined;
}

/** What a field must be: a value, or all of the named tests. */
export type TestDeclaration =
  | Scalar
  | {
      readonly exists?: boolean;
      readonly in?: readonly Scalar[];
      readonly matches?: string;
      readonly words?: readonly string[];
      readonly at_least?: number;
      readonly below?: number;
    };

/** One entry of `data_stream/NAME/rules.yml`. */
export interface RuleDeclaration {
  readonly name: string;
  readonly when: ConditionDeclaration;
  readonly set?: RuleDefinition['set'];
  readonly severity?: SeverityName;
  readonly reason?: string;
}

/** One entry of `data_stream/NAME/rules.yml` that leaves events out. */
export interface DropDeclaration {
  readonly name: string;
  readonly description: string;
  readonly when: ConditionDeclaration;
  readonly drop: true;
  readonly variable: string;
}
