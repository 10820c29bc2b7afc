import { type FoundScopes, findScopes } from '../cloudflare/find-scopes.ts';
import { type FollowedScope, followScopes } from '../cloudflare/follow-scopes.ts';
import { type Cloudflare, openCloudflare } from '../cloudflare/open-cloudflare.ts';
import type { Replanning } from '../collect/collect.ts';
import { planPartitions } from '../collect/plan-partitions.ts';
import { CloudflareError, type Fault, IntegrationError, InterruptedError } from '../errors.ts';
import type { AllScopes, ConnectionSettings, Settings } from '../settings/settings.ts';
import type { CommandContext } from './context.ts';
import { logChanges } from './log-scope-changes.ts';
import type { Opened } from './open-settings.ts';
import { renderFound, renderNoneHint } from './render-found.ts';

/** The settings with every `all` replaced by the ids that Cloudflare lists. */
export interface Scopes {
  readonly opened: Opened;
  /** Lists that Cloudflare refused; they are logged. */
  readonly failures: readonly IntegrationError[];
  /** Lists with nothing to collect in them. */
  readonly empty: readonly Fault[];
  /** Asks again from time to time; absent where the settings name every id. */
  readonly replanning?: Replanning;
}

const AGAIN_MS = 15 * 60_000;
const AFTER_FAILURE_MS = 60_000;

interface Entry {
  readonly connection: ConnectionSettings;
  readonly stream: string;
  readonly all: AllScopes;
  /** Where in the settings it stands. */
  readonly path: string;
}

interface Asking {
  readonly given: Opened;
  readonly context: Pick<CommandContext, 'env' | 'signal'>;
  readonly entries: readonly Entry[];
  readonly followed: Map<string, readonly FollowedScope[]>;
}

type Answer = Pick<Scopes, 'failures' | 'empty'>;

/**
 * Asks Cloudflare for the accounts and zones of every `all`; sends nothing where there is none. A refused list is logged and leaves its stream without any.
 * @throws InterruptedError when the signal fires
 */
export async function openScopes(given: Opened, context: Pick<CommandContext, 'env' | 'signal'>): Promise<Scopes> {
  const entries = given.settings.connections.flatMap(toEntries);
  if (entries.length === 0) return { opened: given, failures: [], empty: [] };
  const asking: Asking = { given, context, entries, followed: new Map() };
  let { failures, empty } = await ask(asking);
  const opened = { ...given, settings: fill(given.settings, asking.followed) };
  const replanning: Replanning = {
    plan: async () => {
      ({ failures, empty } = await ask(asking).catch((error: unknown) => bear(error, given)));
      return planPartitions(fill(given.settings, asking.followed).connections, given.definition);
    },
    afterMs: () => (failures.length > 0 ? AFTER_FAILURE_MS : AGAIN_MS),
  };
  return { opened, failures, empty, replanning };
}

/** What ends a start, such as a certificate file that cannot be read, does not end a collection under way. */
function bear(error: unknown, { log }: Opened): Answer {
  if (!(error instanceof IntegrationError) || error instanceof InterruptedError) throw error;
  log('error', `${error.message}. ${error.hint}`);
  return { failures: [error], empty: [] };
}

function toEntries(connection: ConnectionSettings, index: number): readonly Entry[] {
  return connection.streams.flatMap(({ stream, all }) =>
    all === undefined ? [] : [{ connection, stream, all, path: `connections[${index}].streams.${stream}.${all.scope}_id` }],
  );
}

/** The settings with the ids that are followed; what Cloudflare did not list yet has none. */
function fill(settings: Settings, followed: ReadonlyMap<string, readonly FollowedScope[]>): Settings {
  const connections = settings.connections.map((connection) => ({
    ...connection,
    streams: connection.streams.map((stream) => {
      const ids = (followed.get(toKey(connection.name, stream.stream)) ?? []).map(({ id }) => id);
      return stream.all === undefined ? stream : { ...stream, scopeIds: ids };
    }),
  }));
  return { ...settings, connections };
}

function toKey(connection: string, stream: string): string {
  return `${connection}/${stream}`;
}

async function ask(asking: Asking): Promise<Answer> {
  const answers: Answer[] = [];
  for (const connection of new Set(asking.entries.map((entry) => entry.connection))) {
    const { version } = asking.given.definition;
    const cloudflare = await openCloudflare(connection, { version, env: asking.context.env });
    const lists = askOnce(cloudflare);
    try {
      for (const entry of asking.entries.filter((candidate) => candidate.connection === connection)) answers.push(await askOne(entry, lists, asking));
    } finally {
      await cloudflare.close();
    }
  }
  return { failures: answers.flatMap(({ failures }) => failures), empty: answers.flatMap(({ empty }) => empty) };
}

type Lists = Pick<Cloudflare, 'listAccounts' | 'listZones'>;

/** Streams of one connection share its lists. */
function askOnce(cloudflare: Lists): Lists {
  let accounts: ReturnType<Lists['listAccounts']> | undefined;
  let zones: ReturnType<Lists['listZones']> | undefined;
  return {
    listAccounts: (signal) => (accounts ??= cloudflare.listAccounts(signal)),
    listZones: (signal) => (zones ??= cloudflare.listZones(signal)),
  };
}

async function askOne(entry: Entry, lists: Lists, { given, context, followed }: Asking): Promise<Answer> {
  const { connection, stream, all } = entry;
  const key = toKey(connection.name, stream);
  const what = `${connection.name}: ${stream} of all ${all.scope}s`;
  try {
    const found = await findScopes(lists, all, context.signal);
    const known = followed.get(key);
    const changes = followScopes(known ?? [], found.chosen);
    followed.set(key, changes.followed);
    if (known === undefined) given.log('info', `${what}: ${renderFound(found, all)}`);
    else logChanges(changes, { what: `${connection.name}: ${stream}`, scope: all.scope, log: given.log });
    if (found.chosen.length > 0) return { failures: [], empty: [] };
    const fault = toFault(entry, found);
    given.log('warn', `${what}: ${fault.message}. ${fault.hint}`);
    return { failures: [], empty: [fault] };
  } catch (error) {
    if (!(error instanceof CloudflareError)) throw error;
    given.log('error', `${what}: ${error.message}. ${error.hint}`);
    return { failures: [error], empty: [] };
  }
}

function toFault({ all, path, connection }: Entry, found: FoundScopes): Fault {
  const message = `no ${all.scope} matches: ${renderFound(found, all)}`;
  return { file: `connection ${connection.name}`, path, message, hint: renderNoneHint(found, all) };
}
