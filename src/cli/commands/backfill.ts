import { collectOnce } from '../../collect/collect.ts';
import { InterruptedError } from '../../errors.ts';
import { createSummary } from '../collect-report.ts';
import type { RunCommand } from '../commands.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { type Backfill, openBackfill } from '../open-backfill.ts';
import { openCollector } from '../open-collector.ts';
import { openSettings } from '../open-settings.ts';
import { readPastOptions } from '../past-options.ts';
import { openProgress } from '../progress.ts';
import { renderTotals } from '../render-totals.ts';

const GIVE_UP_MS = 10 * 60_000;

/** `backfill`: shows how far it has come on stderr, and the totals on stdout. */
export const runBackfill: RunCommand = async (invocation, context) => {
  const progress = openProgress({ stream: context.stderr, now: Date.now });
  const opened = await openSettings(invocation, { ...context, stderr: progress.stream });
  const options = readPastOptions(invocation, opened, Date.now());
  // Windows are too many to log each: the progress tells of them.
  const summary = createSummary({
    streams: [String(invocation.options.stream)],
    log: (level, ...line) => level !== 'info' && opened.log(level, ...line),
    once: true,
  });
  const collector = await openCollector(opened, context, { report: summary.report, giveUpAfterMs: GIVE_UP_MS, priority: 'low', apart: 'backfill' });
  try {
    const backfill = await openBackfill({ collector, options, log: opened.log, progress, restart: invocation.options.restart === true, now: Date.now() });
    const exitCode = await work(backfill, context.signal);
    progress.end();
    if (backfill.planned.length > 0 && backfill.isSettled()) opened.log('info', 'the interval is settled');
    return exitCode;
  } catch (error) {
    progress.end();
    if (!(error instanceof InterruptedError) && !context.signal.aborted) throw error;
    opened.log('info', 'stopped; the same command goes on where this one stopped');
    return exitCodes.interrupted;
  } finally {
    await collector.close();
    const totals = summary.totals();
    context.stdout.write(`${invocation.options.json === true ? JSON.stringify({ streams: totals }) : renderTotals(totals)}\n`);
  }
};

async function work({ planned, ports }: Backfill, signal: AbortSignal): Promise<ExitCode> {
  if (planned.length === 0) return exitCodes.done;
  const { refused, failed } = await collectOnce(planned, { ports, signal });
  if (refused.length === planned.length) return exitCodes.fixInput;
  return refused.length + failed.length > 0 ? exitCodes.failed : exitCodes.done;
}
