import { setTimeout } from 'node:timers/promises';
import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import type { CliResult, Surroundings } from '../cli/run-cli.ts';
import { compareWithLedger, type Deviations, NO_DEVIATIONS } from './compare-with-ledger.ts';
import { type ExpectedRecord, readAskedUntil, toAuditRecords, toLogpullRecords } from './expected-records.ts';
import type { Scene } from './open-scene.ts';
import { readStored, type StoredDocument } from './read-stored.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const ACCOUNT = 'c3'.repeat(16);
export const ZONE = 'd4'.repeat(16);
export const TOKEN = DEMO_CREDENTIALS[0].token;

/** A little over a hundred audit events in three windows, and as many lines in three windows. */
export interface SmallWorld {
  readonly cloudflare: SimulatedCloudflare;
  readonly namespace: string;
  /** The first possible moment of an event; everything before is empty. Epoch milliseconds. */
  readonly from: { readonly audit: number; readonly logpull: number };
  /** Folder of the state. */
  readonly statePath: string;
  /** Writes the settings; `connections` replaces the one of both streams. */
  readonly configure: (connections?: readonly object[]) => Promise<string>;
  /** The connection of both streams. */
  readonly toConnection: (given?: object) => object;
  readonly collect: (file: string, given?: Surroundings) => Promise<CliResult>;
  readonly readStream: (stream: string) => Promise<readonly StoredDocument[]>;
  /** What is stored otherwise than the ledger says, up to the last window asked for. */
  readonly compare: (options?: CompareOptions) => Promise<Readonly<Record<'audit' | 'logpull', Deviations>>>;
  readonly close: () => Promise<void>;
}

export interface CompareOptions {
  /** Records besides those of the ledger. */
  readonly more?: { readonly audit?: readonly ExpectedRecord[]; readonly logpull?: readonly ExpectedRecord[] };
  /** Only what lies outside of these stretches is expected; inside, it may be stored or not. */
  readonly lost?: readonly { readonly stream: string; readonly since: number; readonly before: number }[];
}

/** All is as the ledger says. */
export const ALL_STORED = { audit: NO_DEVIATIONS, logpull: NO_DEVIATIONS };

let worlds = 0;

/** Now, at the start of a minute: the simulated API draws its events in buckets of that length. */
export function toMinute(ms: number): number {
  return Math.floor(ms / MINUTE) * MINUTE;
}

/** Resolves in the next second: windows end at whole ones, so a run in the same second as the one before has nothing to do. */
export async function reachNextSecond(): Promise<void> {
  await setTimeout(1000 - (Date.now() % 1000));
}

/** Starts a simulated API with one account and one zone, and gives it a namespace and a state of its own. */
export async function openSmallWorld(scene: Scene, options: CloudflareOptions = {}): Promise<SmallWorld> {
  const namespace = `world${++worlds}`;
  const from = { audit: toMinute(Date.now()) - 49 * HOUR, logpull: toMinute(Date.now()) - 130 * MINUTE };
  const cloudflare = await startCloudflare({ limits: 'off', ...options, ...toPlaces(options, from) });
  const toConnection: SmallWorld['toConnection'] = (given = {}) => ({
    name: 'small',
    namespace,
    api_url: cloudflare.url,
    api_token: TOKEN,
    streams: { audit: { account_id: ACCOUNT, initial_interval: '50h', interval: '1s' }, logpull: { zone_id: ZONE, initial_interval: '150m', interval: '1s' } },
    ...given,
  });
  const world: SmallWorld = {
    cloudflare,
    namespace,
    from,
    statePath: `${scene.folder}/state-${namespace}`,
    toConnection,
    configure: (connections = [toConnection()]) =>
      scene.writeSettings(`${namespace}.yml`, { state: { path: `./state-${namespace}` }, connections: connections as Readonly<Record<string, unknown>>[] }),
    collect: (file, given) => scene.run(['collect', '--once', '--json', '--config', file], given),
    readStream: (stream) => readStored(scene.engine, scene.dataStream(stream, namespace)),
    compare: (compareOptions) => compareWorld(scene, world, compareOptions),
    close: cloudflare.close,
  };
  return world;
}

function toPlaces({ accounts = [{}], zones = [{}] }: CloudflareOptions, from: SmallWorld['from']): CloudflareOptions {
  return {
    accounts: accounts.map((account, index) => ({ ...(index === 0 && { id: ACCOUNT }), auditEventsPerHour: 4, eventsFrom: from.audit, ...account })),
    zones: zones.map((zone, index) => ({ ...(index === 0 && { id: ZONE }), linesPerHour: 90, linesFrom: from.logpull, ...zone })),
  };
}

async function compareWorld(scene: Scene, world: SmallWorld, options: CompareOptions = {}): Promise<Readonly<Record<'audit' | 'logpull', Deviations>>> {
  return { audit: await compareStream(scene, world, 'audit', options), logpull: await compareStream(scene, world, 'logpull', options) };
}

async function compareStream(scene: Scene, world: SmallWorld, stream: 'audit' | 'logpull', { lost = [], more = {} }: CompareOptions): Promise<Deviations> {
  const read = (since: number, before: number): readonly ExpectedRecord[] =>
    stream === 'audit'
      ? toAuditRecords(world.cloudflare.ledger, ACCOUNT, { since, before })
      : toLogpullRecords(world.cloudflare.ledger, ZONE, { since, before });
  const until = readAskedUntil(world.cloudflare.ledger, stream === 'audit' ? ACCOUNT : ZONE);
  const excused = lost.filter((gap) => gap.stream === stream).flatMap(({ since, before }) => read(since, before));
  const excusedIds = new Set(excused.map(({ id }) => id));
  return compareWithLedger({
    definition: scene.definition,
    stream,
    namespace: world.namespace,
    stored: await world.readStream(stream),
    expected: [...read(world.from[stream], until).filter(({ id }) => !excusedIds.has(id)), ...(more[stream] ?? [])],
    // Bounds may be inclusive: what lies exactly at the end belongs to the next window and may be there already.
    tolerated: [...excused, ...read(until, until + 1)],
  });
}
