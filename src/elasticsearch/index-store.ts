import type { Checkpoint, StateEntry, StateReader, StateStore } from '../collect/checkpoint.ts';
import type { PartitionStatus } from '../collect/partition-status.ts';
import { checkStateVersion, STATE_VERSION } from '../collect/stored-checkpoint.ts';
import type { Turns } from '../collect/turns.ts';
import { StateError } from '../errors.ts';
import { checkPartitionDocument, PARTITION_KIND, type PartitionDocument, toPartitionDocument, toPartitionId } from './partition-document.ts';
import { putSeen } from './put-seen.ts';
import type { StateIndex, Version } from './state-index.ts';

interface IndexStoreOptions {
  /** Id of the cluster that the events go to, and the index lies in. */
  readonly clusterId: string;
  /** Shares the partitions with other collectors. */
  readonly turns?: Turns & { close(): Promise<void> };
}

interface BindingDocument {
  readonly kind: 'state';
  readonly key: 'state';
  readonly version: number;
  readonly cluster_id: string;
}

interface StatusDocument {
  readonly kind: 'status';
  readonly key: string;
  readonly status: PartitionStatus;
}

interface Seen {
  readonly version: Version | 'new';
  readonly holder?: string;
}

const BINDING = 'state';

/**
 * Checkpoints as documents of an index in the cluster that the events go to.
 * @throws StateError when they are about another cluster, as in an index that was restored from a snapshot, or of a newer version
 */
export async function openIndexStore(index: StateIndex, { clusterId, turns }: IndexStoreOptions): Promise<StateStore> {
  await checkBinding(index, clusterId);
  return new IndexStore(index, turns);
}

/** Reads the checkpoints of an index; takes nothing from those who work with it. */
export function openIndexReader(index: StateIndex): StateReader {
  return {
    readClusterId: async () => (await readBinding(index))?.cluster_id,
    list: async () => {
      const documents = await index.list<PartitionDocument>(PARTITION_KIND);
      const statuses = await index.list<StatusDocument>('status', { stale: true });
      const entries = new Map(statuses.map(({ content: { key, status } }): [string, StateEntry] => [key, { key, status }]));
      for (const { content } of documents) {
        const { key, checkpoint, lease } = checkPartitionDocument(content);
        entries.set(key, { key, ...(checkpoint && { checkpoint }), ...entries.get(key), ...(lease && { holder: lease.owner }) });
      }
      return [...entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    },
  };
}

class IndexStore implements StateStore {
  readonly turns?: Turns;
  readonly #index: StateIndex;
  readonly #reader: StateReader;
  readonly #closeTurns: () => Promise<void>;
  /** What this store has seen of a partition's document. */
  readonly #seen = new Map<string, Seen>();

  constructor(index: StateIndex, turns: IndexStoreOptions['turns']) {
    if (turns !== undefined) this.turns = turns;
    this.#closeTurns = async () => turns?.close();
    this.#index = index;
    this.#reader = openIndexReader(index);
  }

  async load(key: string): Promise<Checkpoint | undefined> {
    return (await this.#read(key))?.checkpoint;
  }

  async save(key: string, checkpoint: Checkpoint): Promise<void> {
    if (!this.#seen.has(key)) await this.#read(key);
    const { version: seen = 'new', holder } = this.#seen.get(key) ?? {};
    if (holder !== undefined) {
      this.#seen.delete(key);
      throw toHeldError(key, holder);
    }
    const version = await putSeen(this.#index, { id: toPartitionId(key), content: toPartitionDocument(key, { checkpoint }), seen });
    if (version === undefined) {
      this.#seen.delete(key);
      throw new StateError(`the state of ${key} was written by another process meanwhile`, { hint: 'Let one process alone work on it, then start again.' });
    }
    this.#seen.set(key, { version });
  }

  async saveStatus(key: string, status: PartitionStatus): Promise<void> {
    await this.#index.overwrite(toStatusId(key), { kind: 'status', key, status } satisfies StatusDocument);
  }

  readClusterId(): Promise<string | undefined> {
    return this.#reader.readClusterId();
  }

  list(): Promise<readonly StateEntry[]> {
    return this.#reader.list();
  }

  async remove(key: string, { evenHeld = false } = {}): Promise<void> {
    const holder = (await this.#read(key))?.lease?.owner;
    if (holder !== undefined && !evenHeld) throw toHeldError(key, holder);
    await this.#index.remove(toPartitionId(key));
    await this.#index.remove(toStatusId(key));
    this.#seen.delete(key);
  }

  async unbind(): Promise<void> {
    await this.#index.remove(BINDING);
  }

  async close(): Promise<void> {
    await this.#closeTurns();
  }

  async #read(key: string): Promise<PartitionDocument | undefined> {
    const found = await this.#index.get<PartitionDocument>(toPartitionId(key));
    const holder = found?.content.lease?.owner;
    this.#seen.set(key, { version: found?.version ?? 'new', ...(holder === undefined ? {} : { holder }) });
    return found === undefined ? undefined : checkPartitionDocument(found.content);
  }
}

function toStatusId(key: string): string {
  return `status:${key}`;
}

async function readBinding(index: StateIndex): Promise<BindingDocument | undefined> {
  const found = await index.get<BindingDocument>(BINDING);
  if (found !== undefined) checkStateVersion(found.content.version, 'the state in Elasticsearch');
  return found?.content;
}

async function checkBinding(index: StateIndex, clusterId: string): Promise<void> {
  const binding: BindingDocument = { kind: 'state', key: 'state', version: STATE_VERSION, cluster_id: clusterId };
  let stored = await readBinding(index);
  if (stored === undefined) {
    // Of two that begin at once, one is told that it was second.
    await index.put(BINDING, binding, 'new');
    stored = await readBinding(index);
  }
  if (stored === undefined || stored.cluster_id === clusterId) return;
  throw new StateError(`the state in Elasticsearch is about the cluster ${stored.cluster_id}, and elasticsearch.url leads to the cluster ${clusterId}`, {
    hint:
      'Correct elasticsearch.url. If this cluster was restored together with its events, adopt the state: `state export FILE`, `state reset --all --yes`, ' +
      '`state import FILE --force`. To begin anew, with initial_interval: `state reset --all --yes`.',
  });
}

function toHeldError(key: string, holder: string): StateError {
  return new StateError(`the collector ${holder} works on ${key}`, {
    hint: 'Stop that collector first. If it was killed, wait until another has taken over; if none runs any more, add --force.',
  });
}
