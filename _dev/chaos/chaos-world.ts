import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareWithLedger, type Deviations } from '../../test/e2e/compare-with-ledger.ts';
import { type ExpectedRecord, toAccessRecords, toAuditRecords, toLogpullRecords, toUserAuditRecords } from '../../test/e2e/expected-records.ts';
import type { Scene } from '../../test/e2e/open-scene.ts';
import { readStored, type StoredDocument } from '../../test/e2e/read-stored.ts';
import { DEMO_CREDENTIALS } from '../cloudflare/credentials.ts';
import type { Ledger } from '../cloudflare/ledger.ts';
import type { CloudflareOptions } from '../cloudflare/options.ts';
import { type SimulatedCloudflare, startCloudflare } from '../cloudflare/start-cloudflare.ts';
import { type ElasticsearchProxy, startElasticsearchProxy } from './elasticsearch-proxy.ts';

export const STREAMS = ['audit', 'logpull', 'user_audit', 'access'] as const;
export type Stream = (typeof STREAMS)[number];

/** What is said of audit holds for the streams that are read as it is. */
type Pace = 'audit' | 'logpull';

/** A simulated Cloudflare of its own with several accounts and zones, a namespace, a state, and a proxy before Elasticsearch. */
export interface ChaosWorld {
  readonly cloudflare: SimulatedCloudflare;
  readonly proxy: ElasticsearchProxy;
  /** Of the settings. */
  readonly file: string;
  readonly statePath: string;
  /** Makes a new backing index; nothing happens where there is no data stream yet. */
  readonly rollOver: (stream: Stream) => Promise<void>;
  readonly read: (stream: Stream) => Promise<readonly StoredDocument[]>;
  /** How what is stored differs from the ledger, up to the last window asked for. */
  readonly compare: (stream: Stream, stored: readonly StoredDocument[]) => Deviations;
  /** Ends the servers and removes the documents. */
  readonly close: () => Promise<void>;
}

export interface ChaosWorldOptions {
  readonly scene: Scene;
  readonly namespace: string;
  readonly cloudflare: CloudflareOptions;
  /** The first possible moment of an event, epoch milliseconds. */
  readonly from: Readonly<Record<Pace, number>>;
  /** How far back the first windows reach, as settings have it. */
  readonly initial: Readonly<Record<Pace, string>>;
  /** Time between two polls, as settings have it. @default 5s each */
  readonly interval?: Readonly<Record<Pace, string>>;
  /** @default a folder */
  readonly state?: Readonly<Record<string, unknown>>;
  /** Tokens of different users of Cloudflare, who share accounts and zones between them: each takes every nth. @default that of the demo */
  readonly tokens?: readonly string[];
}

/** Opens a world; nothing collects yet. */
export async function openChaosWorld(options: ChaosWorldOptions): Promise<ChaosWorld> {
  const { scene, namespace } = options;
  const cloudflare = await startCloudflare({ limits: 'off', ...withLogins(options) });
  const proxy = await startElasticsearchProxy(scene.engine.url);
  const statePath = join(scene.folder, `state-${namespace}`);
  await mkdir(join(statePath, 'partitions'), { recursive: true });
  const file = await writeSettings(options, { cloudflare, proxy, statePath });
  const path = (stream: Stream): string => `/${scene.dataStream(stream, namespace)}`;
  return {
    cloudflare,
    proxy,
    file,
    statePath,
    rollOver: async (stream) => {
      await scene.client.request({ attempt: 'rolling over', method: 'POST', path: `${path(stream)}/_rollover`, allow: [404] });
    },
    read: (stream) => readStored(scene.engine, scene.dataStream(stream, namespace)),
    compare: (stream, stored) => compareStream({ options, cloudflare, stream, stored }),
    close: async () => {
      await cloudflare.close();
      await proxy.close();
      for (const stream of STREAMS)
        await scene.client.request({ attempt: 'clean up', method: 'DELETE', path: `/_data_stream/${path(stream).slice(1)}`, allow: 'any' });
    },
  };
}

/** Users do a little, and people sign in about half as often as something is done in the account. */
function withLogins({ cloudflare, from }: ChaosWorldOptions): CloudflareOptions {
  const accounts = cloudflare.accounts?.map(({ auditEventsPerHour = 60, ...account }) => ({
    access: { perHour: auditEventsPerHour / 2, from: from.audit, twice: 0.1 },
    auditEventsPerHour,
    ...account,
  }));
  return { users: { auditEventsPerHour: 12, eventsFrom: from.audit }, ...cloudflare, ...(accounts && { accounts }) };
}

interface Opened {
  readonly cloudflare: SimulatedCloudflare;
  readonly proxy: ElasticsearchProxy;
  readonly statePath: string;
}

async function writeSettings(options: ChaosWorldOptions, { cloudflare, proxy, statePath }: Opened): Promise<string> {
  const { scene, namespace, state, tokens = [DEMO_CREDENTIALS[0].token] } = options;
  return scene.writeSettings(`${namespace}.yml`, {
    elasticsearch: { url: proxy.url, pipeline: scene.pipeline },
    state: { path: statePath, ...state },
    connections: tokens.map((token, index) => {
      const own = <Thing>(things: readonly Thing[]): readonly Thing[] => things.filter((_, place) => place % tokens.length === index);
      const streams = toStreams(options, { accounts: own(cloudflare.accounts), zones: own(cloudflare.zones) });
      return { name: `chaos${index}`, namespace, api_url: cloudflare.url, api_token: token, streams };
    }),
  });
}

function toStreams(
  { initial, interval = { audit: '5s', logpull: '5s' } }: ChaosWorldOptions,
  { accounts, zones }: Pick<SimulatedCloudflare, 'accounts' | 'zones'>,
): object {
  const audit = { initial_interval: initial.audit, interval: interval.audit };
  return {
    audit: { account_id: accounts.map(({ id }) => id), ...audit },
    user_audit: audit,
    access: { account_id: accounts.map(({ id }) => id), ...audit },
    logpull: { zone_id: zones.map(({ id }) => id), initial_interval: initial.logpull, interval: interval.logpull, fields: 'default' },
  };
}

interface Comparing {
  readonly options: ChaosWorldOptions;
  readonly cloudflare: SimulatedCloudflare;
  readonly stream: Stream;
  readonly stored: readonly StoredDocument[];
}

interface Source {
  readonly read: (ledger: Ledger, scopeId: string, stretch: { readonly since: number; readonly before: number }) => readonly ExpectedRecord[];
  readonly scopes: (cloudflare: SimulatedCloudflare) => readonly { readonly id: string }[];
  /** Part of the paths that are asked for a scope. */
  readonly path: (scopeId: string) => string;
}

const SOURCES: Readonly<Record<Stream, Source>> = {
  audit: { read: toAuditRecords, scopes: ({ accounts }) => accounts, path: (id) => `${id}/audit_logs` },
  logpull: { read: toLogpullRecords, scopes: ({ zones }) => zones, path: (id) => id },
  user_audit: { read: toUserAuditRecords, scopes: ({ users }) => users, path: () => '/user/audit_logs' },
  access: { read: toAccessRecords, scopes: ({ accounts }) => accounts, path: (id) => `${id}/access/` },
};

function compareStream({ cloudflare, options, stored, stream }: Comparing): Deviations {
  const { ledger } = cloudflare;
  const { path, read, scopes } = SOURCES[stream];
  const expected: ExpectedRecord[] = [];
  const tolerated: ExpectedRecord[] = [];
  for (const { id } of scopes(cloudflare)) {
    const until = readAsked(ledger, path(id));
    expected.push(...read(ledger, id, { since: options.from[stream === 'logpull' ? 'logpull' : 'audit'], before: until.all }));
    // Bounds may be inclusive: what lies exactly at the end belongs to the next window and may be there already.
    tolerated.push(...read(ledger, id, { since: until.all, before: until.some + 1 }));
  }
  return compareWithLedger({ definition: options.scene.definition, namespace: options.namespace, stream, stored, expected, tolerated });
}

/** Up to when everybody who asked for a path has got it, and up to when somebody has: each user asks for the own events at the same path. */
function readAsked({ requests }: Ledger, part: string): { readonly all: number; readonly some: number } {
  const ends = new Map<string, number>();
  for (const { path, query, identity = '' } of requests) {
    const end = query.before ?? query.end ?? query.until;
    if (path.includes(part) && end !== undefined) ends.set(identity, Math.max(ends.get(identity) ?? 0, Date.parse(end)));
  }
  if (ends.size === 0) throw new Error(`nobody asked for anything of ${part}`);
  return { all: Math.min(...ends.values()), some: Math.max(...ends.values()) };
}
