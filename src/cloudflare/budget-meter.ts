import { type BudgetState, type Grant, type Priority, type RateLimit, type Rules, toBlockedUntil, toCurrent, toFree, toWait } from './budget-state.ts';
import type { BudgetStore, Change } from './budget-store.ts';
import type { Timing } from './timing.ts';

/** What a meter is opened with. */
export interface MeterOptions {
  /** Name of the limit in the store. */
  readonly name: string;
  readonly rate: RateLimit;
  readonly store: BudgetStore;
  readonly timing: Timing;
  /** Names this process among those who share the store. */
  readonly holder: string;
}

/** How long a reserved turn may be used; what is not used by then goes back to all. */
export const USE_MS = 15_000;
/** Requests do not arrive with the spacing they were sent with. */
const TRAVEL_MS = 1_000;

/** Turns that were reserved and may still be used. */
interface Allowance {
  readonly grant: Grant;
  left: number;
  lastMs: number;
}

interface Wanted {
  readonly priority: Priority;
  readonly want: number;
  readonly now: number;
}

interface Granted {
  readonly grant?: Grant;
  readonly waitMs: number;
}

type Note = (state: BudgetState) => BudgetState;

/** One limit as this process sees it: reserves a few turns at a time and tells the others what it learns. */
export class Meter {
  readonly #options: MeterOptions;
  readonly #rules: Rules;
  readonly #held = new Map<Priority, Allowance>();
  readonly #asking = new Map<Priority, Promise<number>>();
  #ended: readonly Allowance[] = [];
  #notes: readonly Note[] = [];
  #seen: BudgetState = { grants: [] };
  #last: Promise<unknown> = Promise.resolve();
  #number = 0;

  constructor(options: MeterOptions) {
    this.#options = options;
    this.#rules = { ...options.rate, marginMs: TRAVEL_MS + options.store.skewMs };
  }

  /** Whether a request may go now. */
  holds(priority: Priority): boolean {
    const now = this.#options.timing.now();
    const held = this.#held.get(priority);
    return held !== undefined && held.left > 0 && now <= held.grant.untilMs && toBlockedUntil(this.#seen, this.#rules) <= now;
  }

  /** Counts a request that goes now; only after `holds`. */
  use(priority: Priority): void {
    const held = this.#held.get(priority);
    if (held === undefined) throw new Error(`no turn is held of ${this.#options.name}`);
    held.left -= 1;
    held.lastMs = this.#options.timing.now();
  }

  /** Reserves turns; resolves with how long to wait before it is worth asking again, 0 where there are some. */
  reserve(priority: Priority): Promise<number> {
    const asking = this.#asking.get(priority) ?? this.#reserve(priority).finally(() => this.#asking.delete(priority));
    this.#asking.set(priority, asking);
    return asking;
  }

  /** Lets no request go before that time. */
  block(untilMs: number): void {
    this.#note((state) => ({ ...state, blockedUntilMs: Math.max(state.blockedUntilMs ?? 0, untilMs) }));
  }

  /** Counts a request that timed out now. */
  addTimeout(): void {
    const now = this.#options.timing.now();
    this.#note((state) => ({ ...state, timeoutsMs: [...(state.timeoutsMs ?? []), now].sort((a, b) => a - b) }));
  }

  /** How many requests may be sent now, as far as is known without asking. */
  left(): number {
    const now = this.#options.timing.now();
    const ended = this.#ended.reduce(settle, this.#seen);
    const held = this.holds('live') ? (this.#held.get('live')?.left ?? 0) : 0;
    return toFree(toCurrent(ended, this.#rules, { now, useMs: USE_MS }), this.#rules, { priority: 'live', now }) + held;
  }

  /** Gives back what is not used, and tells what is not yet told. What cannot be given back now returns by itself. */
  async close(): Promise<void> {
    for (const priority of this.#held.keys()) this.#end(priority);
    await this.#last;
    if (this.#ended.length + this.#notes.length > 0) await this.#change((state) => ({ state, result: undefined })).catch(() => {});
  }

  async #reserve(priority: Priority): Promise<number> {
    const want = this.#toWanted(priority);
    this.#end(priority);
    const { grant, waitMs } = await this.#change((state, now) => this.#grant(state, { priority, want, now }));
    if (grant !== undefined) this.#held.set(priority, { grant, left: grant.count, lastMs: grant.untilMs });
    return waitMs;
  }

  #grant(given: BudgetState, { priority, want, now }: Wanted): Change<BudgetState, Granted> {
    const { spanMs } = this.#rules;
    const stale = priority === 'backfill' && (given.backfillUntilMs ?? 0) < now + spanMs / 2;
    const state = stale ? { ...given, backfillUntilMs: now + spanMs } : given;
    const count = Math.min(want, toFree(state, this.#rules, { priority, now }));
    if (count === 0) return { state, result: { waitMs: toWait(state, this.#rules, { priority, now }) } };
    const grant: Grant = { holder: `${this.#options.holder} ${++this.#number}`, priority, count, untilMs: now + USE_MS };
    return { state: { ...state, grants: [...state.grants, grant] }, result: { grant, waitMs: 0 } };
  }

  /** Twice as many as last time where they were all used, but never more than could be used in time: what one holds, another lacks. */
  #toWanted(priority: Priority): number {
    const last = this.#held.get(priority);
    if (last === undefined || this.#options.timing.now() > last.grant.untilMs + USE_MS) return 1;
    const most = Math.max(1, Math.floor((this.#rules.limit * USE_MS) / this.#rules.spanMs));
    const wanted = last.left === 0 ? 2 * last.grant.count : last.grant.count - last.left;
    return Math.min(Math.max(1, wanted), most);
  }

  #end(priority: Priority): void {
    const held = this.#held.get(priority);
    if (held !== undefined) this.#ended = [...this.#ended, held];
    this.#held.delete(priority);
  }

  #note(note: Note): void {
    this.#notes = [...this.#notes, note];
    this.#seen = note(this.#seen);
    // What cannot be told now is told with the next turn that is reserved.
    this.#change((state) => ({ state, result: undefined })).catch(() => {});
  }

  /** One change at a time: each is made of what the one before has left. */
  #change<Result>(change: (state: BudgetState, now: number) => Change<BudgetState, Result>): Promise<Result> {
    const changed = this.#last.then(async () => {
      const { name, store, timing } = this.#options;
      const [ended, notes] = [this.#ended, this.#notes];
      let latest = this.#seen;
      const result = await store.change<BudgetState, Result>(name, (seen) => {
        const now = timing.now();
        const current = toCurrent(seen ?? { grants: [] }, this.#rules, { now, useMs: USE_MS });
        const told = notes.reduce((state, note) => note(state), ended.reduce(settle, current));
        const next = change(told, now);
        latest = next.state ?? told;
        // Merely leaving out what is over is not worth a write.
        return { ...next, state: latest === current ? seen : latest };
      });
      this.#ended = this.#ended.filter((allowance) => !ended.includes(allowance));
      this.#notes = this.#notes.filter((note) => !notes.includes(note));
      this.#seen = this.#notes.reduce((state, note) => note(state), latest);
      return result;
    });
    this.#last = changed.catch(() => {});
    return changed;
  }
}

/** The state in which of an allowance counts only what was sent, and no longer than it has to. */
function settle(state: BudgetState, { grant, left, lastMs }: Allowance): BudgetState {
  const mine = state.grants.find(({ holder }) => holder === grant.holder);
  if (mine === undefined) return state;
  const count = grant.count - left;
  const sent = count === 0 ? [] : [{ priority: grant.priority, count, untilMs: lastMs }];
  return { ...state, grants: [...state.grants.filter((other) => other !== mine), ...sent] };
}
