import { StateError } from '../errors.ts';
import type { Checkpoint, StateEntry, StateStore } from './checkpoint.ts';
import { checkStateVersion, isCheckpoint, STATE_VERSION } from './stored-checkpoint.ts';

/** The checkpoints of a state as one file, for another store or as a backup. */
export interface StateExport {
  readonly format: typeof FORMAT;
  readonly version: number;
  /** The Elasticsearch cluster that the checkpoints are about. */
  readonly cluster_id: string;
  readonly exported_at: string;
  readonly partitions: readonly { readonly key: string; readonly checkpoint: Checkpoint }[];
}

const FORMAT = 'cloudflare-integration state';

interface ExportOptions {
  readonly clusterId: string;
  readonly now: Date;
}

/** What of the entries another store needs to go on. */
export function toStateExport(entries: readonly StateEntry[], { clusterId, now }: ExportOptions): StateExport {
  const partitions = entries.flatMap(({ key, checkpoint }) => (checkpoint === undefined ? [] : [{ key, checkpoint }]));
  return { format: FORMAT, version: STATE_VERSION, cluster_id: clusterId, exported_at: now.toISOString(), partitions };
}

/** @throws StateError where the text is no whole export of a version that is known; `file` names it */
export function parseStateExport(text: string, file: string): StateExport {
  const given = parse(text, file) as Partial<StateExport> | null;
  if (given?.format !== FORMAT) throw toUnusable(file, 'it is no exported state');
  checkStateVersion(given.version, file);
  const { cluster_id: clusterId, partitions } = given;
  if (typeof clusterId !== 'string' || !Array.isArray(partitions)) throw toUnusable(file, 'cluster_id or partitions are missing');
  const seen = new Set<unknown>();
  for (const [index, { key, checkpoint }] of partitions.entries()) {
    if (typeof key !== 'string' || key.split('/').length < 5) throw toUnusable(file, `partitions[${index}].key is no key of a partition`);
    if (!isCheckpoint(checkpoint)) throw toUnusable(file, `partitions[${index}].checkpoint is no checkpoint`);
    if (seen.has(key)) throw toUnusable(file, `${key} is in it twice`);
    seen.add(key);
  }
  return given as StateExport;
}

interface ImportOptions {
  /** Id of the cluster that the store is about. */
  readonly clusterId: string;
  /** Takes what is about another cluster, and goes back behind what is stored. */
  readonly force: boolean;
}

/**
 * Saves the checkpoints of an export; what the store has besides stays. Everything is checked before anything is written.
 * @returns how many were saved
 * @throws StateError where they are about another cluster, or the store is further, unless forced; and where a collector works on one of them
 */
export async function importState(store: StateStore, given: StateExport, { clusterId, force }: ImportOptions): Promise<number> {
  if (!force && given.cluster_id !== clusterId) {
    throw new StateError(`the exported state is about the cluster ${given.cluster_id}, and elasticsearch.url leads to the cluster ${clusterId}`, {
      hint: 'Correct elasticsearch.url. If the events were moved to this cluster with their ids, add --force.',
    });
  }
  const stored = new Map((await store.list()).map((entry) => [entry.key, entry]));
  const held = given.partitions.find(({ key }) => stored.get(key)?.holder !== undefined);
  if (held !== undefined) {
    throw new StateError(`the collector ${stored.get(held.key)?.holder} works on ${held.key}`, { hint: 'Nothing was changed. Stop the collectors first.' });
  }
  const newer = given.partitions.filter(({ key, checkpoint }) => (stored.get(key)?.checkpoint?.until ?? Number.NEGATIVE_INFINITY) > checkpoint.until);
  if (!force && newer.length > 0) {
    throw new StateError(
      `the stored checkpoint of ${newer[0]?.key}${newer.length > 1 ? ` and of ${newer.length - 1} more` : ''} is newer than the exported one`,
      {
        hint: 'Nothing was changed. To go back and read again what was collected since, add --force: what is stored already is not stored twice.',
      },
    );
  }
  for (const { key, checkpoint } of given.partitions) {
    await store.load(key);
    await store.save(key, checkpoint);
  }
  return given.partitions.length;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw toUnusable(file, 'it is no JSON', cause);
  }
}

function toUnusable(file: string, why: string, cause?: unknown): StateError {
  return new StateError(`${file} cannot be imported: ${why}`, { hint: 'Nothing was changed. Export the state again with `state export FILE`.', cause });
}
