import type { CollectedRecord } from '../collect/ports.ts';
import { ElasticsearchError, InterruptedError } from '../errors.ts';
import { type Clock, toBackOffMs } from './back-off.ts';
import { type BulkItem, toItemOutcome } from './bulk-item.ts';
import { type BulkAnswer, type BulkEntry, type BulkTarget, sendBulk } from './bulk-request.ts';
import { findIds } from './existing-ids.ts';
import { findInFailureStore } from './find-in-failure-store.ts';

/** Takes the end of each record; every entry delivered is reported exactly once. */
export interface DeliveryReport {
  count(outcome: 'created' | 'duplicate' | 'dropped'): void;
  dead(record: CollectedRecord, status: number, reason: string): Promise<void>;
}

interface DeliveryOptions {
  readonly target: BulkTarget;
  readonly report: DeliveryReport;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly giveUpAfterMs: number;
  /** Some entries may have been sent before and lie in the failure store. */
  readonly mayBeKept: boolean;
}

/** What is left of a part after one request, and why it is left. */
interface Rest {
  readonly entries: readonly BulkEntry[];
  readonly error: ElasticsearchError | undefined;
  /** The answer got lost: some entries may have been acted on. */
  readonly unsure: boolean;
}

const KEPT = 'kept in the failure store of the data stream';

class Delivery {
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  async deliver(entries: readonly BulkEntry[]): Promise<void> {
    const parts: (readonly BulkEntry[])[] = [this.#options.mayBeKept ? await this.#withoutKept(entries) : entries];
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      parts.push(...(await this.#deliverPart(part)));
    }
  }

  /** Sends one part until each of its entries ended, or it has to be split: then the halves are returned, the first last. */
  async #deliverPart(part: readonly BulkEntry[]): Promise<readonly (readonly BulkEntry[])[]> {
    const { clock } = this.#options;
    let rest: Rest = { entries: part, error: undefined, unsure: false };
    let refusals = 0;
    let refusedSince = 0;
    while (rest.entries.length > 0) {
      const before = rest.entries;
      const next = rest.unsure ? await this.#withoutEnded(before, rest.error) : await this.#sendOnce(before);
      if ('halves' in next) {
        return next.halves;
      }
      rest = next;
      if (rest.entries.length < before.length || refusals === 0) {
        refusals = 0;
        refusedSince = clock.now();
      }
      if (rest.error !== undefined) {
        await this.#waitAfter(rest.error, refusals, refusedSince);
        refusals += 1;
      }
    }
    return [];
  }

  async #sendOnce(entries: readonly BulkEntry[]): Promise<Rest | { readonly halves: readonly (readonly BulkEntry[])[] }> {
    const { target, signal } = this.#options;
    const answer = await sendBulk(target, entries, signal);
    return answer.kind === 'split' ? { halves: await this.#split(entries, answer.status, answer.reason) } : this.#account(entries, answer);
  }

  /**
   * After an answer got lost: what is stored is not sent again, for the index may have rolled over since, and ids are unique inside one backing index only;
   * nor is what the failure store keeps.
   */
  async #withoutEnded(entries: readonly BulkEntry[], lost: ElasticsearchError | undefined): Promise<Rest> {
    const { report, signal, target } = this.#options;
    try {
      const stored = await findIds(
        { ...target, signal },
        entries.map(({ record }) => record.id),
      );
      for (const { record } of entries) {
        if (stored.has(record.id)) {
          report.count('duplicate');
        }
      }
      return { entries: await this.#withoutKept(entries.filter(({ record }) => !stored.has(record.id))), error: undefined, unsure: false };
    } catch (error) {
      if (error instanceof ElasticsearchError && error.retryable) {
        // What went wrong first says more than that the question failed as well.
        return { entries, error: lost ?? error, unsure: true };
      }
      throw error;
    }
  }

  async #split(entries: readonly BulkEntry[], status: number, reason: string): Promise<readonly (readonly BulkEntry[])[]> {
    const [only] = entries;
    if (entries.length === 1 && only !== undefined) {
      await this.#options.report.dead(only.record, status, reason === '' ? `refused with status ${status}, ${only.bytes.length} bytes` : reason);
      return [];
    }
    const middle = Math.ceil(entries.length / 2);
    return [entries.slice(middle), entries.slice(0, middle)];
  }

  async #account(entries: readonly BulkEntry[], answer: Exclude<BulkAnswer, { readonly kind: 'split' }>): Promise<Rest> {
    if (answer.kind === 'refused') {
      return { entries, error: answer.error, unsure: answer.sent };
    }
    const again: BulkEntry[] = [];
    let error: ElasticsearchError | undefined;
    for (const [index, entry] of entries.entries()) {
      const refusal = await this.#accountItem(entry, answer.items[index] as BulkItem);
      if (refusal !== undefined) {
        again.push(entry);
        error = refusal;
      }
    }
    return { entries: again, error, unsure: false };
  }

  /** Returns the refusal where the item has to be sent again. */
  async #accountItem({ record }: BulkEntry, item: BulkItem): Promise<ElasticsearchError | undefined> {
    const { report, target } = this.#options;
    const { kind, status, reason } = toItemOutcome(item);
    switch (kind) {
      case 'retry':
        return new ElasticsearchError(`writing to ${target.dataStream}: Elasticsearch answered ${status} for single records (${reason})`, {
          hint: 'Look at the health of Elasticsearch: it is overloaded, its disk is full, or shards are missing.',
          retryable: true,
        });
      case 'stop':
        throw new ElasticsearchError(`writing to ${target.dataStream}: Elasticsearch answered ${status} for a record (${reason})`, {
          hint: 'The data stream itself is refused, not the record: run `install` again, or give the key the privileges of the role for collecting.',
        });
      case 'dead':
        await report.dead(record, status, reason);
        return undefined;
      default:
        report.count(kind);
        return undefined;
    }
  }

  async #waitAfter(error: ElasticsearchError, refusals: number, refusedSince: number): Promise<void> {
    const { clock, giveUpAfterMs, signal } = this.#options;
    const left = giveUpAfterMs - (clock.now() - refusedSince);
    if (left <= 0) {
      throw error;
    }
    await clock.sleep(Math.min(left, toBackOffMs(refusals, clock.random())), signal).catch((cause: unknown) => {
      if (!signal.aborted) {
        throw cause;
      }
      throw new InterruptedError(`${error.message}; interrupted while waiting`, { hint: 'Run the same command again: it resumes where it stopped.' });
    });
  }

  /** The failure store takes a second copy of what is sent twice, so what it already holds is not sent again. */
  async #withoutKept(entries: readonly BulkEntry[]): Promise<readonly BulkEntry[]> {
    const { report, signal, target } = this.#options;
    const ids = entries.map(({ record }) => record.id);
    const kept = await findInFailureStore(target, ids, signal);
    if (kept.size === 0) {
      return entries;
    }
    for (const { record } of entries) {
      if (kept.has(record.id)) {
        await report.dead(record, 201, KEPT);
      }
    }
    return entries.filter(({ record }) => !kept.has(record.id));
  }
}

/**
 * Returns a function that sends a batch until every entry of it is reported: items answered 429 or 5xx alone are sent
 * again, and so is a whole request that was refused for now, with growing pauses; a request refused for what it holds is
 * halved down to the one record at fault.
 * @throws ElasticsearchError when nothing was accepted for `giveUpAfterMs`, or the data stream itself is refused
 */
export function createDelivery(options: DeliveryOptions): (entries: readonly BulkEntry[]) => Promise<void> {
  const delivery = new Delivery(options);
  return (entries) => delivery.deliver(entries);
}
