import type { PlannedPartition } from '../../collect/plan-partitions.ts';
import { planPast } from '../../collect/plan-past.ts';
import type { Window } from '../../collect/ports.ts';
import { type VerifyPartitionPorts, verifyPartition } from '../../collect/verify-partition.ts';
import { IntegrationError, InterruptedError } from '../../errors.ts';
import type { RunCommand } from '../commands.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { readLive, sayLive, toLiveEdge } from '../leave-to-live.ts';
import type { Log } from '../log.ts';
import { openSides } from '../open-collector.ts';
import { openScopes } from '../open-scopes.ts';
import { openSettings } from '../open-settings.ts';
import { toVerifyPorts } from '../open-verification.ts';
import { readPastOptions } from '../past-options.ts';
import { openVerifyOutput, type VerifyOutput } from '../verify-report.ts';
import { type Reach, warnOutOfReach } from '../warn-out-of-reach.ts';

/** `verify`: a table of windows and the ids found on stdout. Exit code 1 where something is missing or could not be compared. */
export const runVerify: RunCommand = async (invocation, context) => {
  const given = await openSettings(invocation, context);
  given.fleet?.tell();
  const { opened } = await openScopes(given, context);
  const { log } = opened;
  const { planned, interval } = readPastOptions(invocation, opened, Date.now());
  const refill = invocation.options.refill === true;
  const bounded = bound(planned, { interval, live: refill ? await readLive(opened) : new Map() }, log);
  const output = openVerifyOutput({ stdout: context.stdout, log, json: invocation.options.json === true });
  const sides = await openSides(opened, context, { priority: 'backfill' });
  try {
    const ports = { ...toVerifyPorts(sides, opened, refill), report: output.report };
    return await verifyAll(bounded, { ports, output, log, signal: context.signal });
  } finally {
    await sides.close();
  }
};

interface Bounds {
  readonly interval: Window;
  /** Up to when live collection has settled each partition, by its key: what is sent behind it would be sent by it again. */
  readonly live: ReadonlyMap<string, number>;
}

/** Only what a healthy live collection has settled by now is compared: each window after the declared lag, late events with the overlap of the next poll. */
function bound(planned: readonly PlannedPartition[], { interval, live }: Bounds, log: Log): readonly PlannedPartition[] {
  const now = Date.now();
  const reaches = planned.map(({ partition, window, ...rest }): Reach => {
    const settled = { ...rest, partition, window: { ...window, lagMs: window.lagMs + window.overlapMs + partition.intervalMs } };
    const edge = toLiveEdge(settled, live);
    const past = planPast(settled, { ...interval, before: Math.min(interval.before, edge) }, now);
    return { planned: settled, past, leftToLive: sayLive(settled, { interval, edge, now }, log) };
  });
  warnOutOfReach(reaches, interval, log);
  return reaches.flatMap(({ past }) => past.planned ?? []);
}

interface Verifying {
  readonly ports: VerifyPartitionPorts;
  readonly output: VerifyOutput;
  readonly log: Log;
  readonly signal: AbortSignal;
}

async function verifyAll(planned: readonly PlannedPartition[], { ports, output, log, signal }: Verifying): Promise<ExitCode> {
  let refused = 0;
  for (const one of planned) {
    const { partition } = one;
    try {
      output.rows(partition, await verifyPartition(one, ports, signal));
    } catch (error) {
      if (!(error instanceof IntegrationError) || error instanceof InterruptedError || signal.aborted) throw error;
      refused += 1;
      log('error', `${partition.connection}: ${partition.stream} of ${partition.scopeId} cannot be verified: ${error.message}. ${error.hint}`);
    }
  }
  output.end(refused);
  if (refused > 0 && refused === planned.length) return exitCodes.fixInput;
  const { missing, unreadable } = output.totals();
  return refused + missing + unreadable > 0 ? exitCodes.failed : exitCodes.done;
}
