import { DEMO_CREDENTIALS } from '../../cloudflare/credentials.ts';
import { type ElasticsearchProxy, type Intervene, startElasticsearchProxy, toAnswer } from '../elasticsearch-proxy.ts';
import { isEvents } from '../faults/elasticsearch-cases.ts';
import type { Stage } from '../open-stage.ts';
import type { Ground, Part } from '../part.ts';
import { renderTable } from '../render-table.ts';
import { type HugeLogpull, startHugeLogpull } from './huge-answer.ts';
import { watchMemory } from './peak-memory.ts';

const MOST_MIB = 300;
const MIB = 1024 * 1024;
/** Bulk requests that are answered before Elasticsearch begins to refuse. */
const ANSWERED = 3;

interface Load {
  readonly name: string;
  readonly bytes: number;
  readonly gzip: boolean;
  /** How long every bulk request is refused, in milliseconds. */
  readonly refuseMs: number;
}

interface Measured {
  readonly load: Load;
  readonly peakMiB: number;
  readonly seconds: number;
  readonly indexed: number;
  readonly lines: number;
  readonly refused: number;
  readonly wrong: readonly string[];
}

/** Streams huge Logpull answers through a collector; what Elasticsearch gets is counted and thrown away, everything else is asked of the real one. */
export const measureMemory: Part = async (ground) => {
  const stage = await ground.openStage();
  const measured: Measured[] = [];
  for (const load of toLoads(ground)) measured.push(await measure(stage, load));
  const rows = measured.map(({ load, peakMiB, seconds, indexed, refused }) => [
    load.name,
    `${peakMiB.toFixed(0)} MiB`,
    String(indexed),
    String(refused),
    `${seconds.toFixed(0)} s`,
    `${(load.bytes / MIB / seconds).toFixed(0)} MiB/s`,
  ]);
  ground.print(renderTable(['answer', 'peak RSS', 'records', 'requests refused', 'time', 'rate'], rows));
  return measured.flatMap(({ load, wrong }) => wrong.map((text) => `${load.name}: ${text}`));
};

function toLoads({ short }: Ground): readonly Load[] {
  if (short) {
    return [
      // Compressed it comes faster than it is used: what is held of it grows to the limit within 200 MiB where nothing bounds it.
      { name: '384 MiB, gzip', bytes: 384 * MIB, gzip: true, refuseMs: 0 },
      { name: '128 MiB, plain, 8 s of refusals', bytes: 128 * MIB, gzip: false, refuseMs: 8_000 },
    ];
  }
  return [
    { name: '10 GiB, plain', bytes: 10_240 * MIB, gzip: false, refuseMs: 0 },
    { name: '1 GiB, gzip', bytes: 1_024 * MIB, gzip: true, refuseMs: 0 },
    { name: '1 GiB, gzip, 5 minutes of refusals', bytes: 1_024 * MIB, gzip: true, refuseMs: 300_000 },
  ];
}

async function measure(stage: Stage, load: Load): Promise<Measured> {
  const logpull = await startHugeLogpull(load);
  const proxy = await startElasticsearchProxy(stage.scene.engine.url);
  try {
    return await collect({ stage, load, logpull, proxy });
  } finally {
    await logpull.close();
    await proxy.close();
  }
}

interface Collecting {
  readonly stage: Stage;
  readonly load: Load;
  readonly logpull: HugeLogpull;
  readonly proxy: ElasticsearchProxy;
}

async function collect({ load, logpull, proxy, stage }: Collecting): Promise<Measured> {
  const counts = { indexed: 0, refused: 0 };
  proxy.intervene(countAndDrop(load, counts));
  const file = await writeSettings({ load, logpull, proxy, stage });
  const began = performance.now();
  const child = stage.program.start(['collect', '--once', '--json', '--config', file], stage.scene.folder);
  const memory = watchMemory(child.pid);
  const code = await child.ended;
  memory.stop();
  const { lines } = logpull;
  const wrong = [
    ...(code === 0 ? [] : [`the collector ended with ${code}: ${child.stderr().slice(-1500)}`]),
    ...(memory.peakMiB() > 0 ? [] : ['/proc tells nothing of the memory of the collector']),
    ...(memory.peakMiB() <= MOST_MIB ? [] : [`peak RSS ${memory.peakMiB().toFixed(0)} MiB is more than ${MOST_MIB} MiB`]),
    ...(counts.indexed === lines ? [] : [`${counts.indexed} records were sent, the answer has ${lines}`]),
    ...(logpull.asked() === 1 ? [] : [`lines were asked for ${logpull.asked()} times`]),
    ...(load.refuseMs === 0 || counts.refused > 0 ? [] : ['nothing was refused']),
  ];
  return { load, peakMiB: memory.peakMiB(), seconds: (performance.now() - began) / 1000, lines, wrong, ...counts };
}

const CREATED = '{"create":{"status":201,"result":"created"}}';

/** Says that all was stored; for a while, that nothing can be. */
function countAndDrop({ refuseMs }: Load, counts: { indexed: number; refused: number }): Intervene {
  let seen = 0;
  let refusingSince: number | undefined;
  return async (request, forward) => {
    if (!isEvents(request)) return forward();
    seen += 1;
    if (seen > ANSWERED && refuseMs > 0) {
      refusingSince ??= performance.now();
      if (performance.now() - refusingSince < refuseMs) {
        counts.refused += 1;
        return toAnswer(429, { error: { type: 'es_rejected_execution_exception', reason: 'rejected' }, status: 429 });
      }
    }
    const items = countPairs(request.body);
    counts.indexed += items;
    return toAnswer(200, `{"errors":false,"items":[${Array<string>(items).fill(CREATED).join(',')}]}`);
  };
}

/** Each record takes two lines. */
function countPairs(body: Buffer): number {
  let lines = 0;
  for (let at = body.indexOf(10); at !== -1; at = body.indexOf(10, at + 1)) lines += 1;
  return lines / 2;
}

let settings = 0;

async function writeSettings({ logpull, proxy, stage: { scene } }: Collecting): Promise<string> {
  const connection = {
    name: 'huge',
    namespace: `huge${++settings}`,
    api_url: logpull.url,
    api_token: DEMO_CREDENTIALS[0].token,
    streams: { logpull: { zone_id: [logpull.zoneId], initial_interval: '50m', fields: 'all' } },
  };
  return scene.writeSettings(`huge${settings}.yml`, { elasticsearch: { url: proxy.url, pipeline: scene.pipeline }, connections: [connection] });
}
