import { type ChaosWorld, openChaosWorld } from '../chaos-world.ts';
import type { Stage } from '../open-stage.ts';
import type { Started } from '../program.ts';

const MINUTE = 60_000;

/** One account and one zone that are busy now: every second brings something new, and four streams fit the rate limit. */
export function openLiveWorld({ scene }: Stage, namespace: string, seed: number): Promise<ChaosWorld> {
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  const from = { audit: now - 10 * MINUTE, logpull: now - 12 * MINUTE };
  const cloudflare = {
    seed,
    accounts: [{ auditEventsPerHour: 3600, eventsFrom: from.audit }],
    zones: [{ linesPerHour: 3600, linesFrom: from.logpull }],
  };
  return openChaosWorld({ scene, namespace, cloudflare, from, initial: { audit: '15m', logpull: '15m' }, interval: { audit: '2s', logpull: '5s' } });
}

const MOST_MS = 10_000;

/** SIGTERM must end a collector cleanly within ten seconds. */
export async function stopCleanly(child: Started): Promise<{ readonly ms: number; readonly wrong: readonly string[] }> {
  const began = performance.now();
  child.kill('SIGTERM');
  const code = await child.ended;
  const ms = performance.now() - began;
  return {
    ms,
    wrong: [
      ...(code === 130 ? [] : [`SIGTERM ended it with ${code}: ${child.stderr().slice(-1500)}`]),
      ...(ms <= MOST_MS ? [] : [`SIGTERM took ${(ms / 1000).toFixed(1)} s`]),
    ],
  };
}
