import type { StateEntry } from '../collect/checkpoint.ts';
import { toPartitionKey } from '../collect/partition.ts';
import type { PartitionStatus, Totals } from '../collect/partition-status.ts';
import type { Outcomes, Partition, Window } from '../collect/ports.ts';
import type { Report } from '../collect/report.ts';
import { CloudflareError, IntegrationError } from '../errors.ts';
import { combine, isNothing, nothing } from './totals.ts';

/** What a collection knows of one partition. */
export interface PartitionHealth {
  readonly key: string;
  readonly partition: Partition;
  readonly status: PartitionStatus;
  /** Everything before is settled or recorded as lost; undefined before the first window. Epoch milliseconds. */
  readonly untilMs: number | undefined;
  /** When this process began to watch it. */
  readonly sinceMs: number;
  /** Whether this collector was the last to work on it. */
  readonly own: boolean;
  /** What was counted since the last heartbeat, and since the last save. */
  readonly sinceBeat: Totals;
  readonly sinceSave: Totals;
  /** Of this process: windows settled, attempts that were tried again, and errors by what follows from them. */
  readonly windows: number;
  readonly retries: number;
  readonly errors: Readonly<Record<string, number>>;
}

export interface StatusBookOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Name of this collector. */
  readonly instance: string;
  /** How much younger than that nothing is asked for of a partition's source. */
  readonly lagMsOf: (partition: Partition) => number;
  /** Requests that the partition's rate budget still allows. */
  readonly budgetLeft: (partition: Partition) => number | undefined;
  readonly credentialExpiresMs: (partition: Partition) => number | undefined;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
  /** Nothing is tried again later. */
  readonly once: boolean;
  /** Others work on the same partitions: what nothing was heard of here is theirs. */
  readonly shared: boolean;
}

/** Called after each change; `urgent` where somebody should know at once. */
export type OnChange = (key: string, urgent: boolean) => void;

/** A window may take that long, however short the interval. */
const SHORT_MS = 60_000;

/** Listens to a collection and knows at any time how each of its partitions is. Only memory: nothing here can fail or take long. */
export class StatusBook {
  readonly report: Report;
  readonly #options: StatusBookOptions;
  readonly #entries = new Map<string, PartitionHealth>();
  readonly #listeners = new Set<OnChange>();

  constructor(options: StatusBookOptions) {
    this.#options = options;
    this.report = {
      window: (partition, window, outcomes, lastEventMs) => this.#settled(partition, { window, outcomes, lastEventMs }),
      gap: (partition, lost) => this.#lost(partition, lost),
      again: (partition, error, afterMs) => this.#troubled(partition, error, { state: 'waiting', nextTryMs: options.now() + afterMs }),
      stopped: (partition, error, state, nextTryMs) => this.#troubled(partition, error, { state, nextTryMs }),
      shortened: () => {},
      ended: (partition) => this.#end(partition),
    };
  }

  onChange(listener: OnChange): void {
    this.#listeners.add(listener);
  }

  /** Begins to watch a partition, where `known` is what its store holds of it: totals go on from there. */
  watch(partition: Partition, known: { readonly status?: PartitionStatus; readonly untilMs?: number | undefined } = {}): void {
    const entry = this.#begin(partition);
    const { nextTryMs: _, ...status } = known.status ?? entry.status;
    // Whatever another collector waited for, this one begins now.
    const state = status.state === 'caughtUp' ? 'caughtUp' : 'behind';
    const { reason: _reason, hint: _hint, ...calm } = status;
    const begun = { ...calm, state, partition: toPlace(partition), intervalMs: partition.intervalMs } as const;
    this.#put({ ...entry, status: this.#options.shared ? (known.status ?? begun) : begun, untilMs: known.untilMs ?? status.lastWindow?.before });
  }

  /** Takes over what is stored of a partition, while no save of it is under way. Totals are those of all collectors; how it is says who settled more of it. */
  learn({ key, checkpoint, status }: StateEntry): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    const untilMs = Math.max(entry.untilMs ?? Number.NEGATIVE_INFINITY, checkpoint?.until ?? Number.NEGATIVE_INFINITY);
    const moved = { ...entry, untilMs: Number.isFinite(untilMs) ? untilMs : undefined };
    const own = status === undefined ? entry.own : status.instance === this.#options.instance || (entry.own && !isBehind(entry.status, status));
    const totals = combine(status?.totals ?? nothing, entry.sinceSave);
    this.#put({ ...moved, own, status: { ...(own ? entry.status : (status ?? entry.status)), totals } });
  }

  /** Every partition that this collector was the last to work on, in the order in which they were first seen; as of now. */
  list(): readonly PartitionHealth[] {
    return this.#select(({ own }) => own);
  }

  /** The same, and those of which there is still something to tell. */
  listUntold(): readonly PartitionHealth[] {
    return this.#select(({ own, sinceBeat }) => own || !isNothing(sinceBeat));
  }

  get(key: string): PartitionHealth | undefined {
    const entry = this.#entries.get(key);
    return entry && this.#asOfNow(entry);
  }

  /** Takes off what a stored heartbeat has told. */
  beaten(key: string, told: Totals): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#put({ ...entry, sinceBeat: combine(entry.sinceBeat, told, -1) });
  }

  /** Takes off what a save has stored. */
  saved(key: string, stored: Totals): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#put({ ...entry, sinceSave: combine(entry.sinceSave, stored, -1) });
  }

  #select(fits: (entry: PartitionHealth) => boolean): readonly PartitionHealth[] {
    return [...this.#entries.values()].filter(fits).map((entry) => this.#asOfNow(entry));
  }

  #settled(partition: Partition, { window, outcomes, lastEventMs }: { window: Window; outcomes: Outcomes; lastEventMs: number | undefined }): void {
    const entry = this.#entryOf(partition);
    const { reason: _reason, hint: _hint, nextTryMs: _nextTryMs, ...status } = entry.status;
    const newest = lastEventMs === undefined ? status.lastEventMs : Math.max(lastEventMs, status.lastEventMs ?? lastEventMs);
    const late = this.#options.now() - window.before > this.#options.lagMsOf(partition) + Math.max(partition.intervalMs, SHORT_MS);
    this.#change(entry, {
      ...counted(entry, { ...outcomes, gaps: 0 }),
      status: {
        ...status,
        state: late ? 'behind' : 'caughtUp',
        lastWindow: window,
        ...(newest === undefined ? {} : { lastEventMs: newest }),
        totals: combine(status.totals, { ...outcomes, gaps: 0 }),
      },
      untilMs: window.before,
      windows: entry.windows + 1,
    });
  }

  #lost(partition: Partition, lost: Window): void {
    const entry = this.#entryOf(partition);
    const gap = { ...nothing, gaps: 1 };
    const status = { ...entry.status, totals: combine(entry.status.totals, gap) };
    this.#change(entry, { ...counted(entry, gap), status, untilMs: lost.before }, true);
  }

  #troubled(partition: Partition, error: unknown, { state, nextTryMs }: Pick<PartitionStatus, 'state'> & { readonly nextTryMs: number }): void {
    const entry = this.#entryOf(partition);
    const { hint: _, nextTryMs: _nextTryMs, ...status } = entry.status;
    const act = error instanceof CloudflareError ? error.act : error instanceof IntegrationError ? error.code.toLowerCase() : 'bug';
    this.#change(entry, {
      status: {
        ...status,
        state,
        reason: this.#options.redact(error instanceof Error ? error.message : String(error)),
        ...(error instanceof IntegrationError ? { hint: this.#options.redact(error.hint) } : {}),
        ...(this.#options.once && state !== 'waiting' ? {} : { nextTryMs }),
      },
      retries: entry.retries + (state === 'waiting' ? 1 : 0),
      errors: { ...entry.errors, [act]: (entry.errors[act] ?? 0) + 1 },
    });
  }

  /** What is still to be told of it is told, but how it is concerns nobody any more. */
  #end(partition: Partition): void {
    const entry = this.#entries.get(toPartitionKey(partition));
    if (entry !== undefined) this.#put({ ...entry, own: false });
  }

  #entryOf(partition: Partition): PartitionHealth {
    return this.#entries.get(toPartitionKey(partition)) ?? this.#begin(partition);
  }

  #begin(partition: Partition): PartitionHealth {
    const { now, instance } = this.#options;
    const status: PartitionStatus = {
      partition: toPlace(partition),
      intervalMs: partition.intervalMs,
      state: 'behind',
      totals: nothing,
      instance,
      updatedMs: now(),
    };
    const key = toPartitionKey(partition);
    return {
      key,
      partition,
      status,
      untilMs: undefined,
      sinceMs: now(),
      own: !this.#options.shared,
      sinceBeat: nothing,
      sinceSave: nothing,
      windows: 0,
      retries: 0,
      errors: {},
    };
  }

  #change(entry: PartitionHealth, changes: Partial<PartitionHealth>, urgent = false): void {
    const status = { ...(changes.status ?? entry.status), updatedMs: this.#options.now() };
    const changed = { ...entry, ...changes, status, own: true };
    this.#put(changed);
    for (const listener of this.#listeners) listener(entry.key, urgent || changed.status.state !== entry.status.state);
  }

  #put(entry: PartitionHealth): void {
    this.#entries.set(entry.key, entry);
  }

  #asOfNow(entry: PartitionHealth): PartitionHealth {
    if (!entry.own) return entry;
    const { now, instance, budgetLeft: readBudget, credentialExpiresMs: readExpiry } = this.#options;
    const [budgetLeft, credentialExpiresMs] = [readBudget(entry.partition), readExpiry(entry.partition)];
    const { budgetLeft: _budgetLeft, credentialExpiresMs: _credentialExpiresMs, ...status } = entry.status;
    return {
      ...entry,
      status: {
        ...status,
        ...(budgetLeft === undefined ? {} : { budgetLeft }),
        ...(credentialExpiresMs === undefined ? {} : { credentialExpiresMs }),
        instance,
        updatedMs: now(),
      },
    };
  }
}

function counted({ sinceBeat, sinceSave }: PartitionHealth, more: Totals): Pick<PartitionHealth, 'sinceBeat' | 'sinceSave'> {
  return { sinceBeat: combine(sinceBeat, more), sinceSave: combine(sinceSave, more) };
}

/** Whether somebody else has settled more than is known here, or has heard of it later. */
function isBehind(own: PartitionStatus, other: PartitionStatus): boolean {
  const [ownEnd, otherEnd] = [own, other].map(({ lastWindow }) => lastWindow?.before ?? 0) as [number, number];
  return otherEnd > ownEnd || (otherEnd === ownEnd && other.updatedMs > own.updatedMs);
}

function toPlace({ connection, namespace, stream, source, scopeId }: Partition): PartitionStatus['partition'] {
  return { connection, namespace, stream, source, scopeId };
}
