import { isDeepStrictEqual } from 'node:util';
import { NO_DEVIATIONS } from '../../../test/e2e/compare-with-ledger.ts';
import { type ChaosWorld, openChaosWorld, STREAMS } from '../chaos-world.ts';
import type { Stage } from '../open-stage.ts';
import type { Program, Started } from '../program.ts';

const MINUTE = 60_000;

/** One account and one zone that are busy now: every second brings something new. */
export function openLiveWorld({ scene }: Stage, namespace: string, seed: number): Promise<ChaosWorld> {
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  const from = { audit: now - 10 * MINUTE, logpull: now - 12 * MINUTE };
  const cloudflare = {
    seed,
    accounts: [{ auditEventsPerHour: 3600, eventsFrom: from.audit }],
    zones: [{ linesPerHour: 3600, linesFrom: from.logpull }],
  };
  return openChaosWorld({ scene, namespace, cloudflare, from, initial: { audit: '15m', logpull: '15m' } });
}

/** Resolves when the pattern was logged so many times. */
export async function untilLogged({ ended, stderr }: Started, pattern: RegExp, times: number): Promise<void> {
  const all = new RegExp(pattern.source, 'g');
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while ((stderr().match(all)?.length ?? 0) < times) {
    if (over) throw new Error(`the collector ended before it logged ${pattern} ${times} times:\n${stderr().slice(-2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
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

interface Finishing {
  readonly world: ChaosWorld;
  readonly program: Program;
  readonly cwd: string;
  /** Whether what a document holds is compared too. */
  readonly content: boolean;
}

/** Collects the rest, then compares everything with the ledger; resolves with what is wrong and how much is stored. */
export async function finishWorld({ content, cwd, program, world }: Finishing): Promise<{ readonly documents: number; readonly wrong: readonly string[] }> {
  const child = program.start(['collect', '--once', '--config', world.file], cwd);
  const code = await child.ended;
  const wrong = code === 0 ? [] : [`the last run ended with ${code}: ${child.stderr().slice(-1500)}`];
  let documents = 0;
  for (const stream of STREAMS) {
    const stored = await world.read(stream);
    documents += stored.length;
    const { different, ...ids } = world.compare(stream, stored);
    const found = { ...ids, different: content ? different : {} };
    if (!isDeepStrictEqual(found, NO_DEVIATIONS)) wrong.push(`${stream} is not what the ledger holds: ${JSON.stringify(found)}`);
  }
  return { documents, wrong };
}
