import type { Checkpoint, CheckpointStore, StateStore } from './checkpoint.ts';
import type { Window } from './ports.ts';

/** Key of the checkpoint of a backfill: the partition's own with what names the interval, so that live collection's checkpoint is another one. */
export function toPastKey(key: string, mark: string): string {
  return `${key}/backfill/${mark}`;
}

interface PastStoreOptions {
  readonly store: StateStore;
  /** Names the interval the same way each time. */
  readonly mark: string;
  readonly interval: Window;
}

/** The checkpoints of one backfill, under the keys of its partitions; each says which interval it is about. */
export function openPastStore({ store, mark, interval }: PastStoreOptions): CheckpointStore {
  return {
    load: (key) => store.load(toPastKey(key, mark)),
    save: (key, checkpoint) => store.save(toPastKey(key, mark), { ...checkpoint, interval }),
    close: () => store.close(),
  };
}

/** What a backfill left of its partitions, by their keys; those that it had not begun are missing. */
export async function loadPast(store: StateStore, keys: readonly string[], mark: string): Promise<ReadonlyMap<string, Checkpoint>> {
  const found = new Map<string, Checkpoint>();
  for (const key of keys) {
    const checkpoint = await store.load(toPastKey(key, mark));
    if (checkpoint !== undefined) found.set(key, checkpoint);
  }
  return found;
}

/** Forgets how far a backfill of these partitions came. */
export async function removePast(store: StateStore, keys: readonly string[], mark: string): Promise<void> {
  for (const key of keys) await store.remove(toPastKey(key, mark));
}
