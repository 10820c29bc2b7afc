import { systemTiming } from '../cloudflare/timing.ts';
import type { PlannedPartition } from '../collect/plan-partitions.ts';
import { createRequestCounts } from '../health/count-turns.ts';
import { joinReports } from '../health/join-reports.ts';
import { createPulse } from '../health/pulse.ts';
import { Closing } from './closing.ts';
import type { CommandContext } from './context.ts';
import { type Collector, openCollector } from './open-collector.ts';
import { openHealth } from './open-health.ts';
import type { Opened } from './open-settings.ts';

interface WatchedOptions extends Omit<Parameters<typeof openCollector>[2], 'pulse' | 'requests'> {
  readonly planned: readonly PlannedPartition[];
  /** Nothing is tried again later. */
  readonly once: boolean;
  /** The settings file, for messages. */
  readonly file: string;
}

/**
 * Opens a collector and what watches it: status, heartbeats, metrics and probes.
 * @throws as `openCollector`; SettingsError where `health.address` cannot be used
 */
export async function openWatchedCollector(
  opened: Opened,
  context: CommandContext,
  options: WatchedOptions,
): Promise<Pick<Collector, 'ports' | 'connections' | 'follow' | 'close'>> {
  const pulse = createPulse(systemTiming.now);
  const requests = createRequestCounts();
  const closing = new Closing();
  try {
    const collector = closing.later(await openCollector(opened, context, { ...options, pulse, requests }));
    const health = closing.later(await openHealth({ opened, context, collector, pulse, requests, ...options }));
    const { connections, follow, ports } = collector;
    const watched = { ...ports, read: pulse.watchRead(ports.read), report: joinReports(ports.report, health.report) };
    return { ports: watched, connections, follow, close: () => closing.close() };
  } catch (error) {
    await closing.close();
    throw error;
  }
}
