import type { CommandContext } from '../../../src/cli/context.ts';
import { openSides } from '../../../src/cli/open-collector.ts';
import { openSettings } from '../../../src/cli/open-settings.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { planPartitions } from '../../../src/collect/plan-partitions.ts';
import type { CollectedRecord, Partition, Writer } from '../../../src/collect/ports.ts';
import { toCollectorPartition } from '../../../src/health/heartbeat-record.ts';
import { type DemoScale, startDemoWorld } from './demo-world.ts';
import { drawCollectorRecords } from './draw-collector-records.ts';

/** `health` of the demo's settings: signs of life of its own would name this machine in the pictures, and the day that is drawn has them. */
export const DEMO_HEALTH = { heartbeat: '0s' };

/** Where the demo's data goes. */
export interface FillOptions {
  readonly scale: DemoScale;
  /** The outside world of the commands. */
  readonly context: CommandContext;
  /** Writes a settings file with these connections and DEMO_HEALTH; resolves with its path. */
  readonly writeSettings: (connections: readonly Readonly<Record<string, unknown>>[]) => Promise<string>;
}

/**
 * Fills an engine, where the package is installed, as a user's collector would: collects from a simulated Cloudflare, and writes a collector's day through the same
 * writer and pipelines.
 * @throws Error where collecting did not end well
 */
export async function fillEngine({ scale, context, writeSettings }: FillOptions): Promise<void> {
  const world = await startDemoWorld(scale);
  try {
    const config = await writeSettings(world.connections);
    const code = await runProgram(['collect', '--once', '--config', config], context);
    if (code !== 0) throw new Error(`collect ended with ${code}`);
    await writeCollectorDay(config, { context, beatMs: scale.beatMs });
  } finally {
    await world.close();
  }
}

async function writeCollectorDay(config: string, { context, beatMs }: { readonly context: CommandContext; readonly beatMs: number }): Promise<void> {
  const opened = await openSettings({ args: [], options: { config } }, context);
  const sides = await openSides(opened, context, {});
  try {
    const partitions = planPartitions(opened.settings.connections, opened.definition).map(({ partition }) => partition);
    const records = drawCollectorRecords({ partitions, now: Date.now(), version: opened.definition.version, beatMs });
    await write(sides.openWriter(toCollectorPartition(partitions[0] as Partition), context.signal), records);
    // Whoever searches now sees all of it.
    await sides.client.request({ attempt: 'refreshing', method: 'POST', path: `/logs-${opened.definition.name}.*/_refresh` });
  } finally {
    await sides.close();
  }
}

async function write(writer: Writer, records: readonly CollectedRecord[]): Promise<void> {
  await writer.add(records);
  const { created, duplicate, dead } = await writer.settle();
  if (dead > 0 || created + duplicate < records.length) throw new Error(`${records.length} records of the collector: ${created} created, ${dead} dead`);
}
