import type { AccessEvent } from './access/access-event.ts';
import { createAccessSource } from './access/access-source.ts';
import type { AuditEventV2 } from './audit/audit-event-v2.ts';
import { type AuditSource, createAuditSource, createUserAuditSource } from './audit/audit-source.ts';
import { createAuditSourceV2 } from './audit/audit-source-v2.ts';
import type { SimulatedClock } from './clock.ts';
import { createLogpullZone, type LogpullZone } from './logpull/logpull-zone.ts';
import { createMembers, type Member } from './members.ts';
import type { AccessOptions, AccountOptions, CloudflareOptions, ZoneOptions } from './options.ts';
import { drawHex, hashText, mix } from './random.ts';
import type { Switches } from './switches.ts';

/** An account that exists. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly audit: AuditSource;
  /** The same deeds as version 2 of the API shows them. */
  readonly auditV2: AuditSource<AuditEventV2>;
  readonly members: readonly Member[];
  /** Its Zero Trust logins, and how long they are kept; undefined where Zero Trust is off. */
  readonly access: { readonly source: AuditSource<AccessEvent>; readonly retentionMs: number } | undefined;
}

/** A user who exists. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly audit: AuditSource;
}

/** A zone that exists. */
export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly accountId: string;
  readonly logpull: LogpullZone;
  /** Whether log retention is on; clients may change it. */
  retention: boolean;
}

/** What the endpoints answer from. */
export interface World {
  readonly clock: SimulatedClock;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly zones: ReadonlyMap<string, Zone>;
  readonly users: ReadonlyMap<string, User>;
  /** The switches as they stand now. */
  readonly switches: () => Switches;
}

const DAY_MS = 86_400_000;
const ZONE_NAMES = ['example.com', 'example.org', 'example.net'];

interface WorldParts extends Pick<World, 'clock' | 'switches'> {
  /** Who exists. */
  readonly users: readonly Pick<User, 'id' | 'email'>[];
}

/**
 * Makes the accounts, zones and users of the options.
 * @throws {Error} for a zone in an account that does not exist
 */
export function createWorld(options: CloudflareOptions, { clock, switches, users: known }: WorldParts): World {
  const seed = options.seed ?? 1;
  const accounts = (options.accounts ?? [{}]).map((account, index) => toAccount(account, seed, index));
  const first = accounts[0];
  const zones = (options.zones ?? [{}, {}]).map((zone, index) => toZone({ accountId: first?.id ?? '', ...zone }, seed, index));
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const homeless = zones.find((zone) => !byId.has(zone.accountId));
  if (homeless) throw new Error(`zone ${homeless.name} is in account "${homeless.accountId}", which does not exist`);
  const users = known.map((user) => ({ ...user, audit: createUserAuditSource({ ...options.users, ...user, seed }) }));
  return {
    clock,
    switches,
    accounts: byId,
    zones: new Map(zones.map((zone) => [zone.id, zone])),
    users: new Map(users.map((user) => [user.id, user])),
  };
}

function toAccount(options: AccountOptions, seed: number, index: number): Account {
  const id = options.id ?? drawHex(mix(seed, index), hashText('account'), 32);
  const name = options.name ?? (index === 0 ? 'Example Ltd.' : `Example Ltd. ${index + 1}`);
  const audit = createAuditSource({ ...options, id, seed });
  const { access = {} } = options;
  return {
    id,
    name,
    audit,
    auditV2: createAuditSourceV2(audit, { id, name }),
    access: access === 'off' ? undefined : toAccess(access, id, seed),
    members: createMembers({ ...options, id, seed }),
  };
}

function toAccess(access: AccessOptions, id: string, seed: number): NonNullable<Account['access']> {
  return { source: createAccessSource({ ...access, id, seed }), retentionMs: access.retentionMs ?? 180 * DAY_MS };
}

function toZone(options: ZoneOptions & { readonly accountId: string }, seed: number, index: number): Zone {
  const id = options.id ?? drawHex(mix(seed, index), hashText('zone'), 32);
  const name = options.name ?? ZONE_NAMES[index] ?? `site-${index}.example.com`;
  const accountId = options.account ?? options.accountId;
  return { id, name, accountId, retention: options.retention ?? true, logpull: createLogpullZone({ ...options, id, name, seed }) };
}
