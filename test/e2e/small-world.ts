import { setTimeout } from 'node:timers/promises';
import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import type { CliResult, Surroundings } from '../cli/run-cli.ts';
import { compareWithLedger, type Deviations, NO_DEVIATIONS } from './compare-with-ledger.ts';
import { type ExpectedRecord, readAskedUntil, toAccessRecords, toAuditRecords, toLogpullRecords, toUserAuditRecords } from './expected-records.ts';
import type { Scene } from './open-scene.ts';
import { readStored, type StoredDocument } from './read-stored.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const ACCOUNT = 'c3'.repeat(16);
export const ZONE = 'd4'.repeat(16);
export const TOKEN = DEMO_CREDENTIALS[0].token;

/** Every stream that Cloudflare feeds. */
export type FedStream = 'audit' | 'logpull' | 'user_audit' | 'access';

/** A little over a hundred audit events in three windows, and as many lines in three windows; as many events of the user, and logins, for who asks for them. */
export interface SmallWorld {
  readonly cloudflare: SimulatedCloudflare;
  readonly namespace: string;
  /** The first possible moment of an event; everything before is empty. Epoch milliseconds. */
  readonly from: Readonly<Record<FedStream, number>>;
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
  /** The same of one stream. */
  readonly compareStream: (stream: FedStream, options?: CompareOptions) => Promise<Deviations>;
  readonly close: () => Promise<void>;
}

export interface CompareOptions {
  /** Records besides those of the ledger. */
  readonly more?: Readonly<Partial<Record<FedStream, readonly ExpectedRecord[]>>>;
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
  const days = toMinute(Date.now()) - 49 * HOUR;
  const from = { audit: days, logpull: toMinute(Date.now()) - 130 * MINUTE, user_audit: days, access: days };
  const cloudflare = await startCloudflare({ limits: 'off', ...options, ...toPlaces(options, from) });
  const toConnection: SmallWorld['toConnection'] = (given = {}) => ({
    name: 'small',
    namespace,
    api_url: cloudflare.url,
    api_token: TOKEN,
    streams: { audit: { account_id: ACCOUNT, initial_interval: '50h', interval: '1s' }, logpull: { zone_id: ZONE, initial_interval: '150m', interval: '4s' } },
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
    compareStream: (stream, compareOptions = {}) => compareStream({ scene, world, stream }, compareOptions),
    close: cloudflare.close,
  };
  return world;
}

function toPlaces({ accounts = [{}], zones = [{}], users }: CloudflareOptions, from: SmallWorld['from']): CloudflareOptions {
  const access = { perHour: 2, from: from.access };
  return {
    accounts: accounts.map((account, index) => ({ ...(index === 0 && { id: ACCOUNT }), auditEventsPerHour: 4, eventsFrom: from.audit, access, ...account })),
    zones: zones.map((zone, index) => ({ ...(index === 0 && { id: ZONE }), linesPerHour: 90, linesFrom: from.logpull, ...zone })),
    users: { auditEventsPerHour: 2, eventsFrom: from.user_audit, ...users },
  };
}

async function compareWorld(scene: Scene, world: SmallWorld, options: CompareOptions = {}): Promise<Readonly<Record<'audit' | 'logpull', Deviations>>> {
  const [audit, logpull] = [{ scene, world, stream: 'audit' } as const, { scene, world, stream: 'logpull' } as const];
  return { audit: await compareStream(audit, options), logpull: await compareStream(logpull, options) };
}

type ReadRecords = (
  ledger: SimulatedCloudflare['ledger'],
  scopeId: string,
  stretch: { readonly since: number; readonly before: number },
) => readonly ExpectedRecord[];

/** How each stream is asked for, and what the ledger says of it. */
const READERS: Readonly<Record<FedStream, { readonly read: ReadRecords; readonly path: string; readonly scopeId: (world: SmallWorld) => string }>> = {
  audit: { read: toAuditRecords, path: `${ACCOUNT}/audit_logs`, scopeId: () => ACCOUNT },
  logpull: { read: toLogpullRecords, path: ZONE, scopeId: () => ZONE },
  user_audit: { read: toUserAuditRecords, path: '/user/audit_logs', scopeId: ({ cloudflare }) => cloudflare.users[0]?.id ?? '' },
  access: { read: toAccessRecords, path: `${ACCOUNT}/access/`, scopeId: () => ACCOUNT },
};

interface Compared {
  readonly scene: Scene;
  readonly world: SmallWorld;
  readonly stream: FedStream;
}

async function compareStream({ scene, world, stream }: Compared, { lost = [], more = {} }: CompareOptions): Promise<Deviations> {
  const { ledger } = world.cloudflare;
  const { path, read: readRecords, scopeId } = READERS[stream];
  const read = (since: number, before: number): readonly ExpectedRecord[] => readRecords(ledger, scopeId(world), { since, before });
  const until = readAskedUntil(ledger, path);
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
