import { collectForever } from '../../src/collect/collect.ts';
import type { CollectPorts } from '../../src/collect/partition-run.ts';
import type { OpenWriter, Partition, Read } from '../../src/collect/ports.ts';
import { openIndexStore } from '../../src/elasticsearch/index-store.ts';
import { type Leases, openLeases } from '../../src/elasticsearch/leases.ts';
import { ElasticsearchError } from '../../src/errors.ts';
import { createMemoryStateIndex } from '../elasticsearch/memory-state-index.ts';
import { VirtualTime } from '../elasticsearch/virtual-clock.ts';
import { createCluster } from './cluster.ts';
import { plan } from './life.ts';
import { createRead, type SourceEvent } from './source.ts';
import { MINUTE, mutable, NOON, SECOND } from './windows.ts';

export const LEASE = 30 * SECOND;
export const INTERVAL = MINUTE;

/** A process among those that share the partitions. */
export interface Collector {
  /** How many windows it settled. */
  readonly windows: () => number;
  /** Stops whatever it does, wherever it is, as SIGSTOP does; and goes on. */
  freeze(): void;
  thaw(): void;
  /** As SIGTERM does. */
  stop(): Promise<void>;
}

/** Several collectors on one state, one Cloudflare and one cluster, in a time of their own. */
export class SharedWorld {
  readonly time = new VirtualTime();
  readonly index = createMemoryStateIndex();
  readonly cluster = createCluster({ bulkSize: 1 });
  readonly #scopes: readonly string[];
  readonly #events: readonly SourceEvent[];
  /** When a window of each partition was settled. */
  readonly #settled = new Map<string, number[]>();

  constructor(partitions: number, lastMinutes: number) {
    this.#scopes = Array.from({ length: partitions }, (_, number) => `s${number}`);
    // One every forty seconds, from an hour ago on.
    const count = ((60 + lastMinutes) * MINUTE) / (40 * SECOND);
    this.#events = Array.from({ length: count }, (_, number) => ({ id: `e${number}`, timeMs: NOON - 60 * MINUTE + number * 40 * SECOND }));
  }

  now(): number {
    return NOON + this.time.now;
  }

  /** What has to be stored when everybody has caught up. */
  expected(): readonly string[] {
    const due = this.#events.filter(({ timeMs }) => timeMs < this.now() - mutable.lagMs - INTERVAL - LEASE);
    return this.#scopes.flatMap((scope) => due.map(({ id }) => `${scope} ${id}`)).sort();
  }

  /** The longest time between two windows of a partition, also until now, in milliseconds. */
  longestIdleMs(): number {
    const idle = [...this.#settled.values()].flatMap((times) => [...times, this.now()].map((at, index, all) => at - (all[index - 1] ?? at)));
    return Math.max(...idle);
  }

  /** Starts a collector, which is frozen at that one of all the moments in which it reaches out. */
  async start(id: string, { freezeAt = Number.POSITIVE_INFINITY, guarded = true } = {}): Promise<Collector> {
    const life = new Life(freezeAt);
    const clock = this.time.clock(life);
    const index = this.index.connect(() => life.pass());
    const silent = { onSilence: () => {}, onRecovery: () => {} };
    const turns = await openLeases({ index, id, leaseMs: LEASE, shares: true, clock, now: () => this.now(), ...silent });
    const store = await openIndexStore(index, { clusterId: 'c', turns });
    const controller = new AbortController();
    let windows = 0;
    const ports: CollectPorts = {
      read: this.#read(life),
      openWriter: this.#openWriter(life, guarded ? turns : { isSure: () => true }),
      readGeneration: this.cluster.readGeneration,
      findExisting: async (partition, ids) => {
        await life.pass();
        return new Set(
          [
            ...(await this.cluster.findExisting(
              partition,
              ids.map((record) => `${partition.scopeId} ${record}`),
            )),
          ].map((name) => name.split(' ')[1] ?? ''),
        );
      },
      writeGap: this.cluster.writeGap,
      store,
      now: () => this.now(),
      random: () => 0.5,
      sleep: (ms, signal) => clock.sleep(ms, signal),
      report: {
        window: ({ scopeId }) => {
          windows += 1;
          this.#settled.set(scopeId, [...(this.#settled.get(scopeId) ?? []), this.now()]);
        },
        gap: () => {},
        again: () => {},
        stopped: () => {},
      },
    };
    const planned = this.#scopes.map((scope) => plan({ ...mutable, maxMs: 20 * MINUTE }, scope, INTERVAL));
    const ended = collectForever(planned, { ports, signal: controller.signal }).catch(() => {});
    return {
      windows: () => windows,
      freeze: () => life.freeze(),
      thaw: () => life.thaw(),
      stop: async () => {
        controller.abort(new Error('stopped'));
        await ended;
        await store.close();
      },
    };
  }

  #read(life: Life): Read {
    const read = createRead(this.#events, () => this.now());
    return async function* (...given) {
      for await (const batch of read(...given)) {
        await life.pass();
        yield batch;
      }
    };
  }

  /** Each record is a bulk request of its own; whether it may be sent is asked right before. */
  #openWriter(life: Life, turns: Pick<Leases, 'isSure'>): OpenWriter {
    return (partition: Partition, signal) => {
      const inner = this.cluster.openWriter(partition, signal);
      return {
        ...inner,
        add: async (records) => {
          for (const record of records) {
            await life.pass();
            if (!turns.isSure()) throw new ElasticsearchError('not sent', { hint: 'Wait.', retryable: true });
            await inner.add([{ ...record, id: `${partition.scopeId} ${record.id}` }]);
          }
        },
      };
    };
  }
}

/** Whether a process runs: what it does next waits until it does. */
class Life {
  value = false;
  #moments = 0;
  readonly #freezeAt: number;
  #thawed: Promise<void> = Promise.resolve();
  #thaw = (): void => {};

  constructor(freezeAt: number) {
    this.#freezeAt = freezeAt;
  }

  async pass(): Promise<void> {
    this.#moments += 1;
    if (this.#moments === this.#freezeAt) this.freeze();
    while (this.value) await this.#thawed;
  }

  freeze(): void {
    this.value = true;
    this.#thawed = new Promise((resolve) => {
      this.#thaw = resolve;
    });
  }

  thaw(): void {
    this.value = false;
    this.#thaw();
  }
}
