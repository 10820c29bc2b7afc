import { setTimeout as sleep } from 'node:timers/promises';
import type { CredentialOptions } from '../../cloudflare/options.ts';
import { createDice, type Dice } from '../../cloudflare/random.ts';
import { type ChaosWorld, openChaosWorld, STREAMS } from '../chaos-world.ts';
import { finishWorld } from '../finish-world.ts';
import type { Stage } from '../open-stage.ts';
import type { Ground, Part } from '../part.ts';
import type { Started } from '../program.ts';
import { untilLogged } from '../until-logged.ts';
import { type IdleTime, measureIdleTimes } from './idle-times.ts';

const MINUTE = 60_000;
const COLLECTORS = 3;
const USERS = 10;
/** Accounts, and as many zones. */
const SCOPES = 100;
const SHORT_SCOPES = 20;
const INTERVAL_MS = 30_000;
const INTERVAL = `${INTERVAL_MS / 1000}s`;
const LEASE_MS = 15_000;
/** For a machine that has other work: a start of a process, a request that waits for its turn. */
const GRACE_MS = 15_000;
/** Of partitions, and of lines about one. */
const SHOWN = 4;
const LONG_MS = 5 * MINUTE;
const SHORT_MS = 45_000;

/** Three collectors share partitions through leases in Elasticsearch, and one of them is killed every few seconds. */
export const sharePartitions: Part = async (ground) => {
  const stage = await ground.openStage();
  const world = await openWorld(ground, stage);
  try {
    return await share(ground, stage, world);
  } finally {
    await world.close();
  }
};

/** The limits of the simulated Cloudflare are those that are documented; each user has one token. */
function openWorld({ seed, short }: Ground, { scene }: Stage): Promise<ChaosWorld> {
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  const from = { audit: now - 20 * MINUTE, logpull: now - 20 * MINUTE };
  const count = short ? SHORT_SCOPES : SCOPES;
  const credentials = Array.from({ length: USERS }, (_, index) => toCredential(index));
  const cloudflare = {
    seed,
    limits: {},
    credentials,
    accounts: Array.from({ length: count }, () => ({ auditEventsPerHour: 60, eventsFrom: from.audit })),
    zones: Array.from({ length: count }, () => ({ linesPerHour: 120, linesFrom: from.logpull })),
  };
  const state = { store: 'elasticsearch', lease: `${LEASE_MS / 1000}s` };
  const tokens = credentials.map(({ token }) => token);
  return openChaosWorld({
    scene,
    namespace: 'shared',
    cloudflare,
    from,
    initial: { audit: '30m', logpull: '30m' },
    interval: { audit: INTERVAL, logpull: INTERVAL },
    state,
    tokens,
  });
}

function toCredential(index: number): Extract<CredentialOptions, { kind: 'user_token' }> {
  const digit = String.fromCharCode('a'.charCodeAt(0) + index);
  return { kind: 'user_token', token: digit.repeat(44), userId: digit.charCodeAt(0).toString(16).repeat(16), email: `${digit}@example.com` };
}

async function share(ground: Ground, stage: Stage, world: ChaosWorld): Promise<readonly string[]> {
  const { print, seed, short } = ground;
  const beganMs = Date.now();
  const kills = await killOneByOne({ stage, world, dice: createDice(seed), untilMs: beganMs + (short ? SHORT_MS : LONG_MS) });
  const endMs = Date.now();
  const stopped = await kills.stop();
  const { requests } = world.cloudflare.ledger;
  const scopeIds = [...world.cloudflare.accounts, ...world.cloudflare.zones].map(({ id }) => id);
  const idle = measureIdleTimes(requests, scopeIds, { beganMs: kills.readyMs, endMs });
  const refused = requests.filter(({ status }) => status === 429).length;
  const finished = await finishWorld({ world, program: stage.program, cwd: stage.scene.folder, content: true });
  const mostMs = INTERVAL_MS + LEASE_MS + GRACE_MS;
  const longestMs = idle[0]?.longestMs ?? Number.POSITIVE_INFINITY;
  const tooLong = idle.filter((partition) => partition.longestMs > mostMs);
  print(
    `  ${scopeIds.length} accounts and zones, ${COLLECTORS} collectors, ${kills.count} kills, ${kills.rollovers} rollovers, ${requests.length} requests, ${refused} answered 429`,
  );
  print(
    `  the longest time between two polls of a partition: ${(longestMs / 1000).toFixed(1)} s, of an interval of ${INTERVAL_MS / 1000} s and a lease of ${LEASE_MS / 1000} s`,
  );
  print(`  ${finished.documents} documents, equal to the ledger by id and content`);
  return [
    ...stopped,
    ...finished.wrong,
    ...(refused === 0 ? [] : [`${refused} requests were answered 429`]),
    ...tooLong.slice(0, SHOWN).map((partition) => `${tooLong.length} partitions were idle for more than ${mostMs / 1000} s; ${kills.explain(partition)}`),
    ...(kills.count > 0 ? [] : ['nothing was killed']),
  ].map((text) => `seed ${seed}: ${text}`);
}

interface Killing {
  readonly stage: Stage;
  readonly world: ChaosWorld;
  readonly dice: Dice;
  readonly untilMs: number;
}

interface Kills {
  readonly count: number;
  readonly rollovers: number;
  /** When each partition had been asked for once, or the time was over. */
  readonly readyMs: number;
  /** What every collector logged about it. */
  readonly explain: (idle: IdleTime) => string;
  /** Ends all collectors by SIGTERM; resolves with what is wrong. */
  readonly stop: () => Promise<readonly string[]>;
}

/** Kills one after the other, and starts another in its place at once. */
async function killOneByOne({ dice, stage: { program, scene }, untilMs, world }: Killing): Promise<Kills> {
  const all: Started[] = [];
  const start = (): Started => {
    const started = program.start(['collect', '--config', world.file], scene.folder);
    all.push(started);
    return started;
  };
  const collectors = Array.from({ length: COLLECTORS }, start);
  const readyMs = Date.now();
  const counts = { count: 0, rollovers: 0 };
  while (Date.now() < untilMs) {
    await sleep(3_000 + dice.below(4_000));
    const place = dice.below(COLLECTORS);
    collectors[place]?.kill('SIGKILL');
    await collectors[place]?.ended;
    collectors[place] = start();
    counts.count += 1;
    if (!dice.chance(0.3)) continue;
    await world.rollOver(dice.pick(STREAMS));
    counts.rollovers += 1;
  }
  const explain = ({ longestMs, scopeId }: IdleTime): string => {
    const lines = all.flatMap(({ stderr }) =>
      stderr()
        .split('\n')
        .filter((line) => line.includes(scopeId)),
    );
    return `${scopeId} for ${(longestMs / 1000).toFixed(1)} s, of which was logged: ${lines.slice(0, SHOWN).join(' | ')}`;
  };
  return { ...counts, readyMs, explain, stop: async () => (await Promise.all(collectors.map(stopCollector))).flat() };
}

/** One that was started a moment ago cannot hear the signal yet. */
async function stopCollector(collector: Started): Promise<readonly string[]> {
  const { ended, kill, stderr } = collector;
  await untilLogged(collector, / read, /, 1);
  kill('SIGTERM');
  const code = await ended;
  return code === 130 ? [] : [`a collector ended with ${code}: ${stderr().slice(-1500)}`];
}
