import { closest } from 'fastest-levenshtein';
import type { StateEntry } from '../../collect/checkpoint.ts';
import { toPartitionKey } from '../../collect/partition.ts';
import { planPartitions } from '../../collect/plan-partitions.ts';
import { StateError, UsageError } from '../../errors.ts';
import { createBelongs } from '../../health/belongs-to-settings.ts';
import { toStatusReport } from '../../health/status-report.ts';
import type { ConnectionSettings } from '../../settings/settings.ts';
import type { RunCommand } from '../commands.ts';
import { exitCodes } from '../exit-code.ts';
import { type Opened, openSettings } from '../open-settings.ts';
import { openStateReader } from '../open-state.ts';
import { renderStatus } from '../render-status.ts';
import { toStatusJson } from '../status-json.ts';

/** `status`: how each partition is. Exit code 1 where one is paused, has failed, is late or was never collected; 2 where the state cannot be read. */
export const runStatus: RunCommand = async (invocation, context) => {
  const opened = await openSettings(invocation, context);
  opened.fleet?.tell();
  const { definition, settings } = opened;
  const connections = choose(settings.connections, invocation.options.connection);
  const entries = await readEntries(opened);
  const now = Date.now();
  const { maxLagMs } = settings.health;
  const planned = planPartitions(connections, definition).map(({ partition }) => ({ key: toPartitionKey(partition), place: partition }));
  const report = toStatusReport(entries, { now, maxLagMs, planned, belongs: createBelongs(connections, definition) });
  const text = invocation.options.json === true ? JSON.stringify(toStatusJson(report, { now, maxLagMs })) : renderStatus(report, now);
  context.stdout.write(`${text}\n`);
  return report.healthy ? exitCodes.done : exitCodes.failed;
};

function choose(connections: readonly ConnectionSettings[], wanted: unknown): readonly ConnectionSettings[] {
  if (wanted === undefined) return connections;
  const found = connections.filter(({ name }) => name === wanted);
  if (found.length > 0) return found;
  const names = connections.map(({ name }) => name);
  const hint = `Did you mean ${closest(String(wanted), names)}? There are: ${names.join(', ')}.`;
  throw new UsageError(`${String(wanted)} is not a connection of the settings`, { hint });
}

async function readEntries(opened: Opened): Promise<readonly StateEntry[]> {
  const reader = await openStateReader(opened);
  try {
    const entries = await reader.list();
    if (entries.length > 0 || (await reader.readClusterId()) !== undefined) return entries;
    const { store, path } = opened.settings.state;
    throw new StateError(`there is no state yet ${store === 'file' ? `in ${path}` : 'in Elasticsearch'}: no collector has used it`, {
      hint: 'Start `collect` with these settings, or name the state of the running collector under state in the settings.',
    });
  } finally {
    await reader.close();
  }
}
