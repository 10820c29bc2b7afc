import type { SourceDefinition } from '../definition/definition.ts';
import type { ConnectionSettings } from '../settings/settings.ts';
import { type Budget, createBudget, DEFAULT_SHARE } from './budget.ts';
import type { Priority } from './budget-state.ts';
import { type ChooseFields, createChooseFields } from './choose-fields.ts';
import { createDemandUser } from './demand-user.ts';
import { fetchOfferedFields } from './fetch-offered-fields.ts';
import { fetchUserId } from './fetch-user-id.ts';
import { listMembers, type MemberList } from './list-members.ts';
import { type Account, listAccounts, listZones, type Zone } from './list-scopes.ts';
import { createMemberDirectory, type FindMembers } from './member-directory.ts';
import { openClient } from './open-client.ts';
import type { Environment } from './open-dispatcher.ts';
import { probe } from './probe.ts';
import { type LinesLimits, readLines } from './read-lines.ts';
import { readPages } from './read-pages.ts';
import { systemTiming, type Timing } from './timing.ts';
import type { ReadRequest } from './to-call.ts';
import type { CollectedRecord } from './to-record.ts';
import { type Verification, verifyCredential } from './verify-credential.ts';

/** What the API answers through one connection. All methods throw CloudflareError, and InterruptedError when the signal fires. */
export interface Cloudflare {
  /** Reads one window of one source; batches of at most 1 MiB. Pulling is back-pressure. */
  readonly readWindow: (source: SourceDefinition, request: ReadRequest, signal: AbortSignal) => AsyncIterable<readonly CollectedRecord[]>;
  /** One record of the source's most recent hours, undefined where there is none: shows that the credential may read it. */
  readonly probe: (source: SourceDefinition, request: Omit<ReadRequest, 'window'>, signal: AbortSignal) => Promise<CollectedRecord | undefined>;
  /** Asks whether the credential is good; a token that an account owns is asked about at the first of these accounts. */
  readonly verify: (accountIds: readonly string[], signal: AbortSignal) => Promise<Verification>;
  /** Id of the credential's user; undefined where the credential may not read it. */
  readonly fetchUserId: (signal: AbortSignal) => Promise<string | undefined>;
  readonly listAccounts: (signal: AbortSignal) => Promise<readonly Account[]>;
  readonly listZones: (signal: AbortSignal) => Promise<readonly Zone[]>;
  readonly listMembers: (accountId: string, signal: AbortSignal) => Promise<MemberList>;
  /** Who some ids of an account are, from its members list, which is remembered for an hour. */
  readonly findMembers: FindMembers;
  /** Names of the fields that a zone's Logpull offers. */
  readonly offeredFields: (zoneId: string, signal: AbortSignal) => Promise<readonly string[]>;
  /** Which of the wanted fields the zone offers; each zone is asked once. */
  readonly chooseFields: ChooseFields;
  /** How many requests the rate budget allows at once now. */
  readonly budgetLeft: () => number;
  /** Ends every request. */
  readonly close: () => Promise<void>;
}

/** What a connection is opened with beside its settings. */
export interface CloudflareOptions {
  /** Version of the program, for the User-Agent. */
  readonly version: string;
  /** Where a proxy is looked up that the settings do not name. @default none */
  readonly env?: Environment;
  /** @default the machine's */
  readonly timing?: Timing;
  /** Shared by connections of one Cloudflare user. @default one of its own */
  readonly budget?: Budget;
  /** Whose turns its requests take. @default live */
  readonly priority?: Priority;
  /** What one answer of lines may be. @default what Cloudflare documents */
  readonly lines?: LinesLimits;
}

/**
 * Opens the API for one connection; nothing is sent yet.
 * @throws SettingsError when a file or the proxy of the settings cannot be used
 */
export async function openCloudflare(connection: ConnectionSettings, options: CloudflareOptions): Promise<Cloudflare> {
  const { version, env = {}, timing = systemTiming } = options;
  const budget = options.budget ?? createBudget({ timing, share: connection.rateBudgetShare ?? DEFAULT_SHARE });
  const { priority = 'live', lines } = options;
  const client = await openClient(connection, { userAgent: `cloudflare-integration/${version}`, env, timing, budget, priority });
  const verify: Cloudflare['verify'] = (accountIds, signal) => verifyCredential(client, { credential: connection.credential, accountIds }, signal);
  const demandUser = createDemandUser({ credential: connection.credential, verify: (signal) => verify([], signal) });
  return {
    async *readWindow(source, request, signal) {
      if (source.scope === 'user') await demandUser(request.stream, signal);
      yield* source.records === 'ndjson' ? readLines({ client, source, request, signal }, lines) : readPages({ client, source, request, signal });
    },
    probe: async (source, request, signal) => {
      if (source.scope === 'user') await demandUser(request.stream, signal);
      return probe({ client, source, request: { ...request, window: { since: 0, before: timing.now() } }, signal });
    },
    verify,
    fetchUserId: (signal) => fetchUserId(client, signal),
    listAccounts: (signal) => listAccounts(client, signal),
    listZones: (signal) => listZones(client, signal),
    listMembers: (accountId, signal) => listMembers(client, accountId, signal),
    findMembers: createMemberDirectory({ list: (accountId, signal) => listMembers(client, accountId, signal), now: timing.now }),
    offeredFields: (zoneId, signal) => fetchOfferedFields(client, zoneId, signal),
    chooseFields: createChooseFields((zoneId, signal) => fetchOfferedFields(client, zoneId, signal)),
    budgetLeft: budget.left,
    close: () => client.close(),
  };
}
