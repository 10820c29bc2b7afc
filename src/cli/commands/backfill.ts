import { collectOnce } from '../../collect/collect.ts';
import { InterruptedError } from '../../errors.ts';
import { type CollectSummary, createSummary } from '../collect-report.ts';
import type { RunCommand } from '../commands.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { readLive } from '../leave-to-live.ts';
import type { Log } from '../log.ts';
import { type Backfill, openBackfill } from '../open-backfill.ts';
import { openCollector } from '../open-collector.ts';
import { openScopes } from '../open-scopes.ts';
import { type Opened, openSettings } from '../open-settings.ts';
import { readPastOptions } from '../past-options.ts';
import { openProgress, type Progress } from '../progress.ts';
import { renderTotals } from '../render-totals.ts';

/** `backfill`: shows how far it has come on stderr, and the totals on stdout. */
export const runBackfill: RunCommand = async (invocation, context) => {
  const progress = openProgress({ stream: context.stderr, now: Date.now });
  const surroundings = { ...context, stderr: progress.stream };
  const given = await openSettings(invocation, surroundings);
  given.fleet?.tell();
  const { opened } = await openScopes(given, surroundings);
  const options = readPastOptions(invocation, opened, Date.now());
  // Windows are too many to log each: the progress tells of them.
  const summary = createSummary({
    streams: [String(invocation.options.stream)],
    log: (level, ...line) => level !== 'info' && opened.log(level, ...line),
    once: true,
  });
  const collector = await openCollector(opened, context, { report: summary.report, priority: 'backfill', apart: true });
  try {
    const restart = invocation.options.restart === true;
    const live = await readLive(opened);
    const backfill = await openBackfill({ collector, options, log: opened.log, progress, live, restart, now: Date.now() });
    const exitCode = await work(backfill, { signal: context.signal, progress, log: opened.log });
    sayLosses(summary, opened);
    context.stdout.write(`${invocation.options.json === true ? JSON.stringify({ streams: summary.totals() }) : renderTotals(summary)}\n`);
    return exitCode;
  } finally {
    await collector.close();
  }
};

interface Working {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly log: Log;
}

async function work({ planned, ports, isSettled }: Backfill, { signal, progress, log }: Working): Promise<ExitCode> {
  if (planned.length === 0) return exitCodes.done;
  try {
    const { refused, failed } = await collectOnce(planned, { ports, signal });
    progress.end();
    if (isSettled()) log('info', 'the interval is settled');
    if (refused.length === planned.length) return exitCodes.fixInput;
    return refused.length + failed.length > 0 ? exitCodes.failed : exitCodes.done;
  } catch (error) {
    progress.end();
    if (!(error instanceof InterruptedError) && !signal.aborted) throw error;
    log('info', 'stopped; the same command goes on where this one stopped');
    return exitCodes.interrupted;
  }
}

function sayLosses(summary: CollectSummary, { log, settings }: Opened): void {
  const dead = Object.values(summary.totals()).reduce((sum, totals) => sum + totals.dead, 0);
  if (dead > 0) log('warn', `${dead} records are dead-lettered in ${settings.state.path}`);
  if (summary.gaps() > 0) log('warn', `${summary.gaps()} intervals cannot be had; the data stream collector says which and why`);
}
