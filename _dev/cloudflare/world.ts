import type { AuditEventV2 } from './audit/audit-event-v2.ts';
import { type AuditSource, createAuditSource } from './audit/audit-source.ts';
import { createAuditSourceV2 } from './audit/audit-source-v2.ts';
import type { SimulatedClock } from './clock.ts';
import { createLogpullZone, type LogpullZone } from './logpull/logpull-zone.ts';
import { createMembers, type Member } from './members.ts';
import type { AccountOptions, CloudflareOptions, ZoneOptions } from './options.ts';
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
  /** The switches as they stand now. */
  readonly switches: () => Switches;
}

const ZONE_NAMES = ['example.com', 'example.org', 'example.net'];

/**
 * Makes the accounts and zones of the options.
 * @throws {Error} for a zone in an account that does not exist
 */
export function createWorld(options: CloudflareOptions, { clock, switches }: Pick<World, 'clock' | 'switches'>): World {
  const seed = options.seed ?? 1;
  const accounts = (options.accounts ?? [{}]).map((account, index) => toAccount(account, seed, index));
  const first = accounts[0];
  const zones = (options.zones ?? [{}, {}]).map((zone, index) => toZone({ accountId: first?.id ?? '', ...zone }, seed, index));
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const homeless = zones.find((zone) => !byId.has(zone.accountId));
  if (homeless) throw new Error(`zone ${homeless.name} is in account "${homeless.accountId}", which does not exist`);
  return { clock, switches, accounts: byId, zones: new Map(zones.map((zone) => [zone.id, zone])) };
}

function toAccount(options: AccountOptions, seed: number, index: number): Account {
  const id = options.id ?? drawHex(mix(seed, index), hashText('account'), 32);
  const name = options.name ?? (index === 0 ? 'Example Ltd.' : `Example Ltd. ${index + 1}`);
  const audit = createAuditSource({ ...options, id, seed });
  return { id, name, audit, auditV2: createAuditSourceV2(audit, { id, name }), members: createMembers({ ...options, id, seed }) };
}

function toZone(options: ZoneOptions & { readonly accountId: string }, seed: number, index: number): Zone {
  const id = options.id ?? drawHex(mix(seed, index), hashText('zone'), 32);
  const name = options.name ?? ZONE_NAMES[index] ?? `site-${index}.example.com`;
  const accountId = options.account ?? options.accountId;
  return { id, name, accountId, retention: options.retention ?? true, logpull: createLogpullZone({ ...options, id, name, seed }) };
}
