import type { StateEntry, StateStore } from '../collect/checkpoint.ts';
import { openElasticsearch } from '../elasticsearch/client.ts';
import { readClusterId } from '../elasticsearch/cluster-id.ts';
import { checkInstalled } from '../package/check-installed.ts';
import { Closing } from './closing.ts';
import type { CommandContext } from './context.ts';
import type { Opened } from './open-settings.ts';
import { openStateReader, openStore } from './open-state.ts';
import { toInstalled } from './targets.ts';

/** A state that may be changed by hand, and the cluster that it is about. */
export interface ChangeableState {
  readonly store: StateStore;
  readonly clusterId: string;
}

interface ChangeOptions {
  /** Takes the state as it is, whatever cluster it is about. */
  readonly unbound?: boolean;
}

/**
 * Opens the state, lets `change` work on it, and closes it. A folder is locked meanwhile.
 * @throws StateError where it is about another cluster than elasticsearch.url leads to, or its folder is in use; NotInstalledError where its index cannot be made
 */
export async function changeState<Result>(
  { opened, context }: { readonly opened: Opened; readonly context: CommandContext },
  change: (state: ChangeableState) => Promise<Result>,
  { unbound = false }: ChangeOptions = {},
): Promise<Result> {
  const closing = new Closing();
  try {
    const client = closing.later(await openElasticsearch(opened.settings.elasticsearch, { userAgent: opened.userAgent }));
    const bound = unbound ? await readBinding(opened) : undefined;
    const clusterId = bound ?? (await readClusterId(client));
    if (opened.settings.state.store === 'elasticsearch') await checkInstalled(client, { ...toInstalled(opened), targets: [] });
    const store = closing.later(await openStore({ opened, context, client, clusterId }));
    return await change({ store, clusterId });
  } finally {
    await closing.close();
  }
}

/** What the state holds, whoever uses it. */
export async function readState(opened: Opened): Promise<{ readonly entries: readonly StateEntry[]; readonly clusterId: string | undefined }> {
  const reader = await openStateReader(opened);
  try {
    return { entries: await reader.list(), clusterId: await reader.readClusterId() };
  } finally {
    await reader.close();
  }
}

async function readBinding(opened: Opened): Promise<string | undefined> {
  return (await readState(opened)).clusterId;
}
