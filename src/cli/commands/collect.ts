import { collectForever, collectOnce } from '../../collect/collect.ts';
import { type PlannedPartition, planPartitions } from '../../collect/plan-partitions.ts';
import { CloudflareError, InterruptedError, PolicyError, SettingsError } from '../../errors.ts';
import { type CollectSummary, createSummary } from '../collect-report.ts';
import type { RunCommand } from '../commands.ts';
import type { CommandContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { followChanges } from '../follow-changes.ts';
import type { OpenedFleet } from '../open-fleet.ts';
import { openScopes, type Scopes } from '../open-scopes.ts';
import { openSettings } from '../open-settings.ts';
import { openWatchedCollector } from '../open-watched-collector.ts';
import { renderTotals } from '../render-totals.ts';

/** `collect`: logs each window on stderr; with --once, prints the totals on stdout. */
export const runCollect: RunCommand = async (invocation, context) => {
  const given = await openSettings(invocation, context);
  const scopes = await openScopes(given, context);
  const { opened } = scopes;
  const planned = planPartitions(opened.settings.connections, opened.definition);
  const once = invocation.options.once === true;
  const file = String(invocation.options.config);
  const refused = planned.length > 0 ? undefined : refuseNothing(scopes, { once, file });
  if (refused !== undefined) return refused;
  given.fleet?.tell();
  const streams = opened.settings.connections.flatMap((connection) => connection.streams.map(({ stream }) => stream));
  const summary = createSummary({ streams: [...new Set(streams)], log: opened.log, once });
  const collector = await openWatchedCollector(opened, context, { report: summary.report, planned, once, file, polling: !once });
  try {
    const { ports, connections: live, follow } = collector;
    const collecting = { ports, signal: context.signal };
    if (once) return await runOnce(planned, collecting, { scopes, summary });
    const replanning = followChanges({ given, scopes, live, follow });
    await collectForever(planned, { ...collecting, ...(replanning === undefined ? {} : { replanning }) });
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof InterruptedError) && !context.signal.aborted) throw error;
    opened.log('info', 'stopped; the next start goes on where this one stopped');
    return exitCodes.interrupted;
  } finally {
    await collector.close();
    show(summary, invocation.options.json === true, context);
  }
};

type Collecting = Parameters<typeof collectOnce>[1];

async function runOnce(
  planned: readonly PlannedPartition[],
  collecting: Collecting,
  { scopes: { lists, opened }, summary }: { readonly scopes: Scopes; readonly summary: CollectSummary },
): Promise<ExitCode> {
  const { refused, failed, left } = await collectOnce(planned, collecting);
  const dead = Object.values(summary.totals()).reduce((sum, totals) => sum + totals.dead, 0);
  if (dead > 0) opened.log('warn', `${dead} records are dead-lettered; \`dlq list\` shows which and why`);
  if (summary.gaps() > 0) opened.log('warn', `${summary.gaps()} intervals are lost; the data stream collector says which and why`);
  if (left.length > 0) opened.log('warn', `${left.length} partitions are left to another collector, which works on them`);
  // A closed port or a wrong name under api_url keeps everything from starting, like a refusal.
  if (refused.length + summary.unreached() === planned.length) return exitCodes.fixInput;
  const untried = lists.failures().length + (opened.fleet?.refused ?? []).length;
  return refused.length + failed.length + untried > 0 ? exitCodes.failed : exitCodes.done;
}

function show(summary: CollectSummary, json: boolean, context: CommandContext): void {
  context.stdout.write(`${json ? JSON.stringify({ streams: summary.totals() }) : renderTotals(summary)}\n`);
}

/**
 * How the command ends where there is nothing to collect; undefined where it goes on asking for lists that Cloudflare refused.
 * @throws SettingsError where the settings are the reason, PolicyError where the integration policies are
 */
function refuseNothing({ lists, opened }: Scopes, { once, file }: { readonly once: boolean; readonly file: string }): ExitCode | undefined {
  const [failures, empty, { fleet }] = [lists.failures(), lists.empty(), opened];
  if (failures.length > 0) {
    if (!once) return undefined;
    return failures.every((error) => error instanceof CloudflareError && error.act === 'pause') ? exitCodes.fixInput : exitCodes.failed;
  }
  if (empty.length > 0) throw new SettingsError(empty);
  if (fleet !== undefined) throw toNoneError(fleet);
  const hint = 'Add the data streams to collect, e.g. audit: { account_id: [...] }.';
  throw new SettingsError([{ file, path: 'connections', message: 'no connection has a data stream to collect', hint }]);
}

function toNoneError({ address, refused }: OpenedFleet): PolicyError {
  if (refused.length > 0) return new PolicyError(refused.flatMap(({ faults }) => faults));
  const hint = 'Add the integration in Kibana and switch a data stream on, or name the space of its policies under kibana.space in the settings.';
  return new PolicyError([{ file: address, path: '', message: 'no integration policy of this package has a data stream to collect', hint }]);
}
