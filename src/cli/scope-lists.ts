import { isDeepStrictEqual } from 'node:util';
import { type FoundScopes, findScopes } from '../cloudflare/find-scopes.ts';
import { type FollowedScope, followScopes } from '../cloudflare/follow-scopes.ts';
import { type Cloudflare, openCloudflare } from '../cloudflare/open-cloudflare.ts';
import { CloudflareError, type Fault, type IntegrationError } from '../errors.ts';
import type { AllScopes, ConnectionSettings } from '../settings/settings.ts';
import type { CommandContext } from './context.ts';
import type { Log } from './log.ts';
import { logChanges } from './log-scope-changes.ts';
import { renderFound, renderNoneHint } from './render-found.ts';

const AGAIN_MS = 15 * 60_000;
const AFTER_FAILURE_MS = 60_000;

interface ScopeListsOptions {
  /** Version of the program. */
  readonly version: string;
  readonly context: Pick<CommandContext, 'env' | 'signal'>;
  readonly log: Log;
  /** In milliseconds. */
  readonly now: () => number;
}

interface Entry {
  readonly connection: ConnectionSettings;
  readonly stream: string;
  readonly all: AllScopes;
}

/** What was asked for one `all`, with what access, and what was found. */
interface Known {
  readonly all: AllScopes;
  readonly access: object;
  readonly followed?: readonly FollowedScope[] | undefined;
  readonly failure?: IntegrationError;
  readonly empty?: Fault;
}

/** The accounts and zones that `all` stands for, connection by connection. */
export class ScopeLists {
  readonly #options: ScopeListsOptions;
  readonly #known = new Map<string, Known>();
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(options: ScopeListsOptions) {
    this.#options = options;
  }

  /**
   * The connections with every `all` replaced by the ids that Cloudflare lists. It is asked where that is due, and for what is new or asks with something else;
   * a refused list is logged and leaves what was known.
   * @throws InterruptedError when the signal fires; SettingsError where a connection cannot be opened
   */
  async fill(connections: readonly ConnectionSettings[]): Promise<readonly ConnectionSettings[]> {
    const entries = connections.flatMap(toEntries);
    const keys = new Set(entries.map(toKey));
    for (const key of this.#known.keys()) if (!keys.has(key)) this.#known.delete(key);
    const due = this.#known.size === 0 || this.dueInMs() <= 0;
    await this.#ask(entries.filter((entry) => due || this.#isNew(entry)));
    if (due) this.#askedAt = this.#options.now();
    return connections.map((connection) => ({ ...connection, streams: connection.streams.map((stream) => this.#fillOne(connection, stream)) }));
  }

  #isNew(entry: Entry): boolean {
    const known = this.#known.get(toKey(entry));
    return !isDeepStrictEqual([known?.all, known?.access], [entry.all, toAccess(entry)]);
  }

  /** How long until Cloudflare is to be asked again; infinite where nothing is asked for. */
  dueInMs(): number {
    if (this.#known.size === 0) return Number.POSITIVE_INFINITY;
    return this.#askedAt + (this.failures().length > 0 ? AFTER_FAILURE_MS : AGAIN_MS) - this.#options.now();
  }

  /** Lists that Cloudflare refused; they are logged. */
  failures(): readonly IntegrationError[] {
    return [...this.#known.values()].flatMap(({ failure }) => failure ?? []);
  }

  /** Lists with nothing to collect in them. */
  empty(): readonly Fault[] {
    return [...this.#known.values()].flatMap(({ empty }) => empty ?? []);
  }

  #fillOne({ name }: ConnectionSettings, stream: ConnectionSettings['streams'][number]): ConnectionSettings['streams'][number] {
    if (stream.all === undefined) return stream;
    const { followed = [] } = this.#known.get(`${name}/${stream.stream}`) ?? {};
    return { ...stream, scopeIds: followed.map(({ id }) => id) };
  }

  async #ask(entries: readonly Entry[]): Promise<void> {
    const { context, version } = this.#options;
    for (const connection of new Set(entries.map((entry) => entry.connection))) {
      const cloudflare = await openCloudflare(connection, { version, env: context.env });
      const lists = askOnce(cloudflare);
      try {
        for (const entry of entries.filter((candidate) => candidate.connection === connection)) await this.#askOne(entry, lists);
      } finally {
        await cloudflare.close();
      }
    }
  }

  async #askOne(entry: Entry, lists: Lists): Promise<void> {
    const { context, log } = this.#options;
    const { connection, stream, all } = entry;
    const what = `${connection.name}: ${stream} of all ${all.scope}s`;
    const before = this.#known.get(toKey(entry));
    const known = isDeepStrictEqual(before?.all, all) ? before?.followed : undefined;
    const asked = { all, access: toAccess(entry), followed: known };
    try {
      const found = await findScopes(lists, all, context.signal);
      const changes = followScopes(known ?? [], found.chosen);
      if (known === undefined) log('info', `${what}: ${renderFound(found, all)}`);
      else logChanges(changes, { what: `${connection.name}: ${stream}`, scope: all.scope, log });
      const fault = found.chosen.length > 0 ? undefined : toFault(entry, found);
      if (fault !== undefined) log('warn', `${what}: ${fault.message}. ${fault.hint}`);
      this.#known.set(toKey(entry), { ...asked, followed: changes.followed, ...(fault && { empty: fault }) });
    } catch (error) {
      if (!(error instanceof CloudflareError)) throw error;
      log('error', `${what}: ${error.message}. ${error.hint}`);
      this.#known.set(toKey(entry), { ...asked, failure: error });
    }
  }
}

function toFault({ all, connection, stream }: Entry, found: FoundScopes): Fault {
  const message = `no ${all.scope} matches: ${renderFound(found, all)}`;
  return { file: `connection ${connection.name}`, path: `${stream}.${all.scope}_id`, message, hint: renderNoneHint(found, all) };
}

function toEntries(connection: ConnectionSettings): readonly Entry[] {
  return connection.streams.flatMap(({ stream, all }) => (all === undefined ? [] : [{ connection, stream, all }]));
}

function toKey({ connection, stream }: Entry): string {
  return `${connection.name}/${stream}`;
}

function toAccess({ connection }: Entry): object {
  const { apiUrl, credential, proxyUrl, ssl } = connection;
  return { apiUrl, credential, proxyUrl, ssl };
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
