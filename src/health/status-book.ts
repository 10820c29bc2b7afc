import { toPartitionKey } from '../collect/partition.ts';
import type { Report } from '../collect/partition-run.ts';
import type { PartitionStatus, Totals } from '../collect/partition-status.ts';
import type { Outcomes, Partition, Window } from '../collect/ports.ts';
import { CloudflareError, IntegrationError } from '../errors.ts';

/** What a collection knows of one partition. */
export interface PartitionHealth {
  readonly key: string;
  readonly partition: Partition;
  readonly status: PartitionStatus;
  /** Everything before is settled or recorded as lost; undefined before the first window. Epoch milliseconds. */
  readonly untilMs: number | undefined;
  /** When this process began to watch it. */
  readonly sinceMs: number;
  /** What was counted since the last heartbeat. */
  readonly sinceBeat: Totals;
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
  /** Whether this collector works on the partition now. @default always */
  readonly holds?: (partition: Partition) => boolean;
}

/** Called after each change; `urgent` where somebody should know at once. */
export type OnChange = (key: string, urgent: boolean) => void;

/** A window may take that long, however short the interval. */
const SHORT_MS = 60_000;

const nothing: Totals = { read: 0, created: 0, duplicate: 0, dead: 0, dropped: 0, gaps: 0 };

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
    const own = { ...calm, state, partition: toPlace(partition), intervalMs: partition.intervalMs } as const;
    this.#put({ ...entry, status: own, untilMs: known.untilMs ?? status.lastWindow?.before });
  }

  /** Every partition that this collector works on, in the order in which they were first seen; as of now. */
  list(): readonly PartitionHealth[] {
    const { holds = () => true } = this.#options;
    return [...this.#entries.values()].filter(({ partition }) => holds(partition)).map((entry) => this.#asOfNow(entry));
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
    return { key, partition, status, untilMs: undefined, sinceMs: now(), sinceBeat: nothing, windows: 0, retries: 0, errors: {} };
  }

  #change(entry: PartitionHealth, changes: Partial<PartitionHealth>, urgent = false): void {
    const changed = { ...entry, ...changes };
    this.#put(changed);
    for (const listener of this.#listeners) listener(entry.key, urgent || changed.status.state !== entry.status.state);
  }

  #put(entry: PartitionHealth): void {
    this.#entries.set(entry.key, entry);
  }

  #asOfNow(entry: PartitionHealth): PartitionHealth {
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

function counted({ sinceBeat }: PartitionHealth, more: Totals): Pick<PartitionHealth, 'sinceBeat'> {
  return { sinceBeat: combine(sinceBeat, more) };
}

function combine(a: Totals, b: Totals, sign: 1 | -1 = 1): Totals {
  return {
    read: a.read + sign * b.read,
    created: a.created + sign * b.created,
    duplicate: a.duplicate + sign * b.duplicate,
    dead: a.dead + sign * b.dead,
    dropped: a.dropped + sign * b.dropped,
    gaps: a.gaps + sign * b.gaps,
  };
}

function toPlace({ connection, namespace, stream, source, scopeId }: Partition): PartitionStatus['partition'] {
  return { connection, namespace, stream, source, scopeId };
}
