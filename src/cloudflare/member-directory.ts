import { CloudflareError, InterruptedError } from '../errors.ts';
import type { Member, MemberList } from './list-members.ts';

/** What is known of some ids. */
export interface FoundMembers {
  readonly members: ReadonlyMap<string, Member>;
  /** Why some may be unknown though Cloudflare knows them; told once until all is well again. */
  readonly warning?: string;
}

/** Who these ids of an account are; what cannot be found out is left out. Throws only InterruptedError. */
export type FindMembers = (accountId: string, ids: readonly string[], signal: AbortSignal) => Promise<FoundMembers>;

interface DirectoryOptions {
  readonly list: (accountId: string, signal: AbortSignal) => Promise<MemberList>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How many ids are held, over all accounts. @default 100,000 */
  readonly most?: number;
  /** How long one list may take, in milliseconds. @default one minute */
  readonly patienceMs?: number;
}

/** After this time a list is asked for anew, and after a refusal Cloudflare is asked again. */
const MAX_AGE_MS = 60 * 60_000;
/** No list is asked for more often. */
const SHORTEST_MS = 5 * 60_000;
const MOST = 100_000;
const PATIENCE_MS = 60_000;
/** How many ids of an account are remembered that its list does not have. */
const MOST_MISSING = 10_000;

type Fault = 'refused' | 'failed' | 'cut';

class Entry {
  byId: ReadonlyMap<string, Member> = new Map();
  /** Ids that the list did not have, and when. */
  readonly missing = new Map<string, number>();
  listedMs: number | undefined;
  askedMs: number | undefined;
  fault: Fault | undefined;
  asking: Promise<unknown> | undefined;

  isDue(ids: readonly string[], now: number): boolean {
    if (this.askedMs !== undefined && now - this.askedMs < (this.fault === 'refused' ? MAX_AGE_MS : SHORTEST_MS)) return false;
    return this.listedMs === undefined || now - this.listedMs >= MAX_AGE_MS || ids.some((id) => this.#isNew(id, now));
  }

  /** Whoever left the account stays unknown: that is no reason to ask again and again. */
  #isNew(id: string, now: number): boolean {
    const missedMs = this.missing.get(id);
    return !this.byId.has(id) && (missedMs === undefined || now - missedMs >= MAX_AGE_MS);
  }

  take(list: MemberList, ids: readonly string[], now: number): void {
    this.byId = list.byId;
    this.listedMs = now;
    if (this.missing.size + ids.length > MOST_MISSING) this.missing.clear();
    for (const id of ids) if (!list.byId.has(id)) this.missing.set(id, now);
  }

  forget(): void {
    this.byId = new Map();
    this.missing.clear();
    this.listedMs = undefined;
  }
}

/**
 * Remembers the members of accounts. An account is asked for its list when somebody of it is looked up first, when the list is an hour old, and when an id is new, then
 * at most every five minutes. Where the credential may not read the list, and where Cloudflare cannot be asked, ids stay unknown and nothing else happens.
 */
export function createMemberDirectory(options: DirectoryOptions): FindMembers {
  const directory = new MemberDirectory(options);
  return (accountId, ids, signal) => directory.find(accountId, ids, signal);
}

class MemberDirectory {
  readonly #options: DirectoryOptions;
  /** The one used last is the last. */
  readonly #entries = new Map<string, Entry>();

  constructor(options: DirectoryOptions) {
    this.#options = options;
  }

  async find(accountId: string, ids: readonly string[], signal: AbortSignal): Promise<FoundMembers> {
    const entry = this.#use(accountId);
    // Versions 1 and 2 of an account's log are read side by side.
    while (entry.asking !== undefined) await entry.asking;
    let warning: string | undefined;
    if (entry.isDue(ids, this.#options.now())) {
      const asking = this.#ask(accountId, { entry, ids, signal });
      entry.asking = asking.catch(() => {}).finally(() => (entry.asking = undefined));
      warning = await asking;
    }
    const members = new Map(ids.flatMap((id) => toPair(id, entry.byId.get(id))));
    return { members, ...(warning === undefined ? {} : { warning }) };
  }

  #use(accountId: string): Entry {
    const entry = this.#entries.get(accountId) ?? new Entry();
    this.#entries.delete(accountId);
    this.#entries.set(accountId, entry);
    return entry;
  }

  /** @returns what is to be told of it */
  async #ask(
    accountId: string,
    { entry, ids, signal }: { readonly entry: Entry; readonly ids: readonly string[]; readonly signal: AbortSignal },
  ): Promise<string | undefined> {
    const { list, now, patienceMs = PATIENCE_MS } = this.#options;
    const limit = AbortSignal.timeout(patienceMs);
    const before = entry.fault;
    let message: string | undefined;
    try {
      const listed = await list(accountId, AbortSignal.any([signal, limit]));
      entry.take(listed, ids, now());
      this.#shrink();
      entry.fault = listed.isCut ? 'cut' : undefined;
      message = `account ${accountId} has more members than are looked up: only ${listed.count} are known`;
    } catch (error) {
      message = toMessage(error, { accountId, isLate: limit.aborted && !signal.aborted });
      entry.fault = error instanceof CloudflareError && !error.retryable ? 'refused' : 'failed';
      if (entry.fault === 'refused') entry.forget();
    }
    entry.askedMs = now();
    return entry.fault === undefined || entry.fault === before ? undefined : message;
  }

  /** What was used long ago is asked for again when it is needed. */
  #shrink(): void {
    let held = [...this.#entries.values()].reduce((sum, { byId }) => sum + byId.size, 0);
    const others = [...this.#entries.values()].slice(0, -1);
    for (const entry of others) {
      if (held <= (this.#options.most ?? MOST)) return;
      held -= entry.byId.size;
      entry.forget();
    }
  }
}

function toPair(id: string, member: Member | undefined): readonly (readonly [string, Member])[] {
  return member === undefined ? [] : [[id, member]];
}

/** @throws what is no trouble with Cloudflare */
function toMessage(error: unknown, { accountId, isLate }: { readonly accountId: string; readonly isLate: boolean }): string {
  const effect = 'events keep the ids of persons alone, and collecting goes on';
  if (error instanceof InterruptedError && isLate) return `listing the members of account ${accountId} took too long: ${effect}`;
  if (!(error instanceof CloudflareError)) throw error;
  return `${error.message}: ${effect}. ${error.hint}`;
}
