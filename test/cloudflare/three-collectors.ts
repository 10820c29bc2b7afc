import { setMaxListeners } from 'node:events';
import { createClock } from '../../_dev/cloudflare/clock.ts';
import type { CredentialOptions, ZoneOptions } from '../../_dev/cloudflare/options.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import { createBudget } from '../../src/cloudflare/budget.ts';
import type { BudgetStore } from '../../src/cloudflare/budget-store.ts';
import { type Cloudflare, openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import { CloudflareError } from '../../src/errors.ts';
import { connectionTo, linesSource } from './sources.ts';
import { createVirtualTime, mostWithin, type VirtualTime } from './virtual-time.ts';

const minute = 60_000;
const start = Date.parse('2026-11-20T12:00:00Z');
const signal = new AbortController().signal;
// Every request under way listens to it.
setMaxListeners(0, signal);
const ZONES = 14;

/** What the simulated API saw of three collectors of one user that ask for as much as they are allowed. */
export interface Traffic {
  /** Answers by status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** The most requests in any five minutes, of Logpull in any minute for the user and for one zone, and time-outs in any hour. */
  readonly most: { readonly user: number; readonly logpull: number; readonly zone: number; readonly timeouts: number };
}

/** Lets three collectors ask for fifteen minutes of simulated time; each opens a store of its own. One zone answers with 408 only. */
export async function letThreeCollect(openStore: () => BudgetStore, share: number): Promise<Traffic> {
  const clock = createClock({ start, speed: 0 });
  const time = createVirtualTime(start, (now) => clock.set(now));
  const zones: ZoneOptions[] = Array.from({ length: ZONES }, (_, index) => ({ id: String(index).padStart(32, 'a'), linesPerHour: 60 }));
  const tokens: CredentialOptions[] = [1, 2, 3].map((number) => ({
    kind: 'user_token',
    token: `cfut_${'simulated'.repeat(5)}${number}`,
    email: 'one@example.com',
  }));
  const api = await startCloudflare({ clock, zones, credentials: tokens });
  const [bad, ...good] = api.zones.map(({ id }) => id) as [string, ...string[]];
  api.faults.add({ match: { zone: bad, path: '/logs/received' }, answer: { status: 408 } });
  const clouds = await Promise.all(
    tokens.map((token, index) => {
      const budget = createBudget({ timing: time.timing(), store: openStore(), name: 'user one', holder: `collector ${index}`, share });
      const credential = { kind: 'token', token: 'token' in token ? token.token : '' } as const;
      return openCloudflare(connectionTo(api.url, { credential }), { version: '0.1.0', timing: time.timing(), budget });
    }),
  );
  try {
    await time.run([
      ...clouds.flatMap((cloud) => [1, 2].map(() => work(time, () => cloud.listZones(signal)))),
      ...good.map((zone, index) => work(time, () => readMinute(clouds[index % 3] as Cloudflare, zone, time.now()))),
      work(time, () => readMinute(clouds[0] as Cloudflare, bad, time.now())),
    ]);
    return toTraffic(api);
  } finally {
    for (const cloud of clouds) await cloud.close();
    await api.close();
  }
}

function work(time: VirtualTime, ask: () => Promise<unknown>): () => Promise<void> {
  return async () => {
    while (time.now() < start + 15 * minute) {
      await ask();
      await time.timing().sleep(50 + 200 * time.timing().random(), signal);
    }
  };
}

async function readMinute(cloud: Cloudflare, zoneId: string, now: number): Promise<void> {
  const window = { since: now - 20 * minute, before: now - 19 * minute };
  try {
    for await (const _ of cloud.readWindow(linesSource, { stream: 'logpull', scopeId: zoneId, window }, signal));
  } catch (error) {
    if (!(error instanceof CloudflareError) || error.act !== 'split') throw error;
  }
}

function toTraffic({ ledger }: SimulatedCloudflare): Traffic {
  const statuses: Record<number, number> = {};
  for (const { status } of ledger.requests) statuses[status] = (statuses[status] ?? 0) + 1;
  const lines = ledger.requests.filter(({ path }) => path.endsWith('/logs/received'));
  const times = (requests: typeof ledger.requests): readonly number[] => requests.map(({ atMs }) => atMs);
  const perZone = [...new Set(lines.map(({ path }) => path))].map((path) => mostWithin(times(lines.filter((request) => request.path === path)), minute));
  const timeouts = mostWithin(times(lines.filter(({ status }) => status === 408)), 60 * minute);
  return {
    statuses,
    most: { user: mostWithin(times(ledger.requests), 5 * minute), logpull: mostWithin(times(lines), minute), zone: Math.max(...perZone), timeouts },
  };
}
