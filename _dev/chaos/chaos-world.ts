import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareWithLedger, type Deviations } from '../../test/e2e/compare-with-ledger.ts';
import { type ExpectedRecord, readAskedUntil, toAuditRecords, toLogpullRecords } from '../../test/e2e/expected-records.ts';
import type { Scene } from '../../test/e2e/open-scene.ts';
import { readStored, type StoredDocument } from '../../test/e2e/read-stored.ts';
import { DEMO_CREDENTIALS } from '../cloudflare/credentials.ts';
import type { CloudflareOptions } from '../cloudflare/options.ts';
import { type SimulatedCloudflare, startCloudflare } from '../cloudflare/start-cloudflare.ts';
import { type ElasticsearchProxy, startElasticsearchProxy } from './elasticsearch-proxy.ts';

export const STREAMS = ['audit', 'logpull'] as const;
export type Stream = (typeof STREAMS)[number];

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
  readonly from: Readonly<Record<Stream, number>>;
  /** How far back the first windows reach, as settings have it. */
  readonly initial: Readonly<Record<Stream, string>>;
  /** Time between two polls, as settings have it. @default 5s each */
  readonly interval?: Readonly<Record<Stream, string>>;
  /** @default a folder */
  readonly state?: Readonly<Record<string, unknown>>;
  /** Tokens of different users of Cloudflare, who share accounts and zones between them: each takes every nth. @default that of the demo */
  readonly tokens?: readonly string[];
}

/** Opens a world; nothing collects yet. */
export async function openChaosWorld(options: ChaosWorldOptions): Promise<ChaosWorld> {
  const { scene, namespace } = options;
  const cloudflare = await startCloudflare({ limits: 'off', ...options.cloudflare });
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
  return {
    audit: { account_id: accounts.map(({ id }) => id), initial_interval: initial.audit, interval: interval.audit },
    logpull: { zone_id: zones.map(({ id }) => id), initial_interval: initial.logpull, interval: interval.logpull, fields: 'default' },
  };
}

interface Comparing {
  readonly options: ChaosWorldOptions;
  readonly cloudflare: SimulatedCloudflare;
  readonly stream: Stream;
  readonly stored: readonly StoredDocument[];
}

function compareStream({ cloudflare, options, stored, stream }: Comparing): Deviations {
  const { ledger } = cloudflare;
  const scopes = stream === 'audit' ? cloudflare.accounts : cloudflare.zones;
  const toRecords = stream === 'audit' ? toAuditRecords : toLogpullRecords;
  const expected: ExpectedRecord[] = [];
  const tolerated: ExpectedRecord[] = [];
  for (const { id } of scopes) {
    const until = readAskedUntil(ledger, id);
    expected.push(...toRecords(ledger, id, { since: options.from[stream], before: until }));
    // Bounds may be inclusive: what lies exactly at the end belongs to the next window and may be there already.
    tolerated.push(...toRecords(ledger, id, { since: until, before: until + 1 }));
  }
  return compareWithLedger({ definition: options.scene.definition, namespace: options.namespace, stream, stored, expected, tolerated });
}
