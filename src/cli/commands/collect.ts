import { collectForever, collectOnce } from '../../collect/collect.ts';
import { type PlannedPartition, planPartitions } from '../../collect/plan-partitions.ts';
import { InterruptedError, SettingsError } from '../../errors.ts';
import { type CollectSummary, createSummary } from '../collect-report.ts';
import type { RunCommand } from '../commands.ts';
import type { CommandContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { openCollector } from '../open-collector.ts';
import { type Opened, openSettings } from '../open-settings.ts';
import { renderTotals } from '../render-totals.ts';

const GIVE_UP_MS = 10 * 60_000;

/** `collect`: logs each window on stderr; with --once, prints the totals on stdout. */
export const runCollect: RunCommand = async (invocation, context) => {
  const opened = await openSettings(invocation, context);
  const planned = planPartitions(opened.settings.connections, opened.definition);
  if (planned.length === 0) throw nothingToCollect(String(invocation.options.config));
  const once = invocation.options.once === true;
  const summary = createSummary({ streams: [...new Set(planned.map(({ partition }) => partition.stream))], log: opened.log, once });
  const collector = await openCollector(opened, context, { report: summary.report, giveUpAfterMs: once ? GIVE_UP_MS : Number.POSITIVE_INFINITY });
  try {
    const { ports } = collector;
    return once ? await runOnce(planned, { ports, signal: context.signal }, { opened, summary }) : await runForever(planned, { ports, signal: context.signal });
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
  { opened, summary }: { readonly opened: Opened; readonly summary: CollectSummary },
): Promise<ExitCode> {
  const { refused, failed } = await collectOnce(planned, collecting);
  const dead = Object.values(summary.totals()).reduce((sum, totals) => sum + totals.dead, 0);
  if (dead > 0) opened.log('warn', `${dead} records are dead-lettered; \`dlq list\` shows which and why`);
  if (summary.gaps() > 0) opened.log('warn', `${summary.gaps()} intervals are lost; the data stream collector says which and why`);
  if (refused.length === planned.length) return exitCodes.fixInput;
  return refused.length + failed.length > 0 ? exitCodes.failed : exitCodes.done;
}

async function runForever(planned: readonly PlannedPartition[], collecting: Collecting): Promise<ExitCode> {
  await collectForever(planned, collecting);
  return exitCodes.done;
}

function show(summary: CollectSummary, json: boolean, context: CommandContext): void {
  context.stdout.write(`${json ? JSON.stringify({ streams: summary.totals() }) : renderTotals(summary.totals())}\n`);
}

function nothingToCollect(file: string): SettingsError {
  const hint = 'Add the data streams to collect, e.g. audit: { account_id: [...] }.';
  return new SettingsError([{ file, path: 'connections', message: 'no connection has a data stream to collect', hint }]);
}
