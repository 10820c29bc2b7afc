import type { AccessEvent } from './access/access-event.ts';
import type { AuditEvent } from './audit/audit-event.ts';
import type { SimulatedClock } from './clock.ts';
import type { Limits } from './limits.ts';
import type { Switches } from './switches.ts';

/** The permission groups that the simulated endpoints ask for. */
export type Permission = 'Account Settings Read' | 'Logs Read' | 'Logs Write' | 'Access: Audit Logs Read' | 'Zone Read' | 'User Details Read';

/** Grants of a token: account id, zone id or `*` -> permission groups. A grant on an account holds for its zones too. */
export type Grants = Readonly<Record<string, readonly Permission[]>>;

/** How many audit events somebody has, and which. */
export interface UserOptions {
  /** Mean number of audit events per hour. @default 60 of an account, 6 of a user */
  readonly auditEventsPerHour?: number;
  /** See ScheduleOptions. @default 0 */
  readonly dailySwing?: number;
  /** No events before this moment (ms). */
  readonly eventsFrom?: number;
  /** That many more events, all within the one second at `at` (ms). */
  readonly bursts?: readonly { readonly at: number; readonly count: number }[];
  /** Events besides the generated ones, served as they are; `when` places them. */
  readonly extraEvents?: readonly (AuditEvent & { readonly when: string })[];
  /** Members besides the people of the generated events. */
  readonly members?: readonly MemberOptions[];
}

export interface MemberOptions {
  /** Id of the membership. @default derived from the seed and the e-mail address */
  readonly id?: string;
  /** Absent for somebody who is invited and no user yet. */
  readonly userId?: string;
  readonly email: string;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  /** @default accepted */
  readonly status?: 'accepted' | 'pending' | 'rejected';
}

/** The Zero Trust logins of an account. */
export interface AccessOptions {
  /** Mean number of logins and logouts per hour. @default 30 */
  readonly perHour?: number;
  /** None before this moment (ms). */
  readonly from?: number;
  /** See UserOptions. */
  readonly bursts?: UserOptions['bursts'];
  /** Events besides the generated ones, served as they are; `created_at` places them. */
  readonly extraEvents?: readonly (AccessEvent & { readonly created_at: string })[];
  /** How long they are kept: 24 hours on the free plan, 30 or 180 days on others (ms). @default 180 days */
  readonly retentionMs?: number;
  /** Part of the events that is there twice, in every property the same. @default 0.02 */
  readonly twice?: number;
}

export interface AccountOptions extends UserOptions {
  /** 32 hex digits. @default derived from the seed and the position */
  readonly id?: string;
  readonly name?: string;
  /** `off`: Zero Trust is not enabled. @default on, with the defaults */
  readonly access?: AccessOptions | 'off';
}

export interface ZoneOptions {
  /** 32 hex digits. @default derived from the seed and the position */
  readonly id?: string;
  /** @default example.com, example.org, ... */
  readonly name?: string;
  /** Id of the account it belongs to. @default the first account */
  readonly account?: string;
  /** Mean number of Logpull lines per hour. @default 3600 */
  readonly linesPerHour?: number;
  /** See ScheduleOptions. @default 0 */
  readonly dailySwing?: number;
  /** No lines before this moment (ms). */
  readonly linesFrom?: number;
  /** Whether log retention is switched on. @default true */
  readonly retention?: boolean;
  /** Names of the fields that this zone offers. @default every field */
  readonly fields?: readonly string[];
}

interface TokenOptions {
  /** The secret: 40 or more of letters, digits, `_` and `-`. */
  readonly token: string;
  /** Public id, as verify answers it. @default derived from the seed and the position */
  readonly id?: string;
  /** @default active */
  readonly status?: 'active' | 'disabled' | 'expired';
  /** @default every permission everywhere (account-owned: in its account) */
  readonly grants?: Grants;
}

/** Something a client may identify itself with. */
export type CredentialOptions =
  | (TokenOptions & { readonly kind: 'user_token'; readonly userId?: string; readonly email?: string })
  | (TokenOptions & { readonly kind: 'account_token'; readonly accountId: string })
  | { readonly kind: 'global_key'; readonly email: string; readonly key: string; readonly userId?: string; readonly grants?: Grants };

export interface CloudflareOptions {
  /** @default 0: any free port */
  readonly port?: number;
  /** Everything generated depends on it. @default 1 */
  readonly seed?: number;
  /** @default real time at speed 1 */
  readonly clock?: SimulatedClock;
  /** @default one account */
  readonly accounts?: readonly AccountOptions[];
  /** @default two zones in the first account */
  readonly zones?: readonly ZoneOptions[];
  /** What every user of the credentials does. */
  readonly users?: UserOptions;
  /** @default one of each kind: DEMO_CREDENTIALS */
  readonly credentials?: readonly CredentialOptions[];
  readonly switches?: Partial<Switches>;
  /** Rate limits that differ from the documented ones; `off` for none. */
  readonly limits?: Partial<Limits> | 'off';
}
