import { randomBytes } from 'node:crypto';
import { checkNamespaces } from '../collect/check-namespaces.ts';
import type { StateReader, StateStore } from '../collect/checkpoint.ts';
import { openFileReader, openFileStore } from '../collect/file-store.ts';
import { type Elasticsearch, openElasticsearch } from '../elasticsearch/client.ts';
import { guardBulk } from '../elasticsearch/guard-bulk.ts';
import { openIndexReader, openIndexStore } from '../elasticsearch/index-store.ts';
import { type Leases, openLeases } from '../elasticsearch/leases.ts';
import { openStateIndex, type StateIndex } from '../elasticsearch/state-index.ts';
import { systemClock } from '../elasticsearch/system-clock.ts';
import { IntegrationError } from '../errors.ts';
import { toStateIndexName } from '../package/state-template.ts';
import type { CommandContext } from './context.ts';
import { toInstance } from './instance.ts';
import type { Opened } from './open-settings.ts';

interface StateOptions {
  readonly opened: Opened;
  readonly context: CommandContext;
  readonly client: Elasticsearch;
  /** Id of the cluster that the client leads to. */
  readonly clusterId: string;
}

/** The state of a collector, and what follows from sharing it. */
export interface CollectorState {
  readonly store: StateStore;
  /** The client for writing events: it sends nothing while this collector may not. */
  readonly writing: Elasticsearch;
  close(): Promise<void>;
}

/**
 * Opens the state for collecting: its folder is locked, or its partitions are shared with other collectors. `shares`: others leave it a share, since it
 * runs until it is stopped.
 * @throws StateError when the state is about another cluster or namespace, or in use
 */
export async function openState({ shares, ...options }: StateOptions & { readonly shares: boolean }): Promise<CollectorState> {
  const { opened, context, client, clusterId } = options;
  const index = toIndex(opened, client);
  const shared = opened.settings.state.store === 'elasticsearch';
  const turns = shared ? await openTurns(index, { opened, pid: context.pid, shares }) : undefined;
  let store: StateStore | undefined;
  try {
    store = turns === undefined ? await openStore(options) : await openIndexStore(index, { clusterId, turns });
    checkNamespaces(await store.list(), opened.settings.connections);
    const open = store;
    return { store: open, writing: turns === undefined ? client : guardBulk(client, () => turns.isSure()), close: () => open.close() };
  } catch (error) {
    await (store ?? turns)?.close();
    throw error;
  }
}

/**
 * Opens the state to change it by hand: a folder is locked, an index is not.
 * @throws StateError when the state is about another cluster, or its folder in use
 */
export async function openStore({ opened, context, client, clusterId }: StateOptions): Promise<StateStore> {
  const { state } = opened.settings;
  if (state.store === 'elasticsearch') return openIndexStore(toIndex(opened, client), { clusterId });
  return openFileStore({ folder: state.path, clusterId, owner: { pid: context.pid, isRunning: context.isRunning } });
}

/** Opens the state to look at it, whoever uses it: nothing is locked or written. */
export async function openStateReader(opened: Opened): Promise<StateReader & { close(): Promise<void> }> {
  const { settings, userAgent } = opened;
  if (settings.state.store === 'file') return { ...openFileReader(settings.state.path), close: async () => {} };
  const client = await openElasticsearch(settings.elasticsearch, { userAgent });
  return { ...openIndexReader(toIndex(opened, client)), close: () => client.close() };
}

function toIndex({ definition }: Opened, client: Elasticsearch): StateIndex {
  return openStateIndex(client, toStateIndexName(definition.name));
}

function openTurns(index: StateIndex, { opened, pid, shares }: { readonly opened: Opened; readonly pid: number; readonly shares: boolean }): Promise<Leases> {
  const { log, settings } = opened;
  return openLeases({
    index,
    id: `${toInstance({ pid })}-${randomBytes(4).toString('hex')}`,
    leaseMs: settings.state.leaseMs,
    shares,
    clock: systemClock,
    now: Date.now,
    onSilence: (error) => {
      const [reason, hint] = error instanceof IntegrationError ? [error.message, ` ${error.hint}`] : [String(error), ''];
      log('warn', `the leases could not be renewed in time, nothing is sent until they are: ${reason}.${hint}`);
    },
    onRecovery: () => log('info', 'the leases are renewed again; what others took over meanwhile is left to them'),
  });
}
