import { type Cloudflare, openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import type { SourceDefinition, StreamDefinition } from '../../src/definition/definition.ts';
import { createClock } from '../cloudflare/clock.ts';
import { DEMO_CREDENTIALS } from '../cloudflare/credentials.ts';
import { startCloudflare } from '../cloudflare/start-cloudflare.ts';

/** An event in wire form, as the collector and Elastic Agent send it. */
export type WireEvent = Readonly<Record<string, unknown>>;

const START = Date.UTC(2026, 10, 20, 12);
const HOUR_MS = 3_600_000;
/** Left out of every window, as Cloudflare does not answer for the last minutes. */
const LAG_MS = 10 * 60_000;

/**
 * Events of the simulated API, the same each time: Logpull lines with the fields of the preset `standard`, audit events of every source in equal shares.
 * @throws Error for a data stream without sources, or one that the simulated API does not have
 */
export async function drawEvents(stream: StreamDefinition, count: number): Promise<readonly WireEvent[]> {
  const simulated = await startCloudflare({
    clock: createClock({ start: START, speed: 0 }),
    limits: 'off',
    accounts: [{ auditEventsPerHour: count * 2 }],
    zones: [{ linesPerHour: count * 2 }],
  });
  const cloudflare = await openCloudflare(
    {
      name: 'bench',
      namespace: 'default',
      apiUrl: simulated.url,
      credential: { kind: 'token', token: DEMO_CREDENTIALS[0].token },
      ssl: { certificateAuthorities: [], verification: 'full' },
      timeoutMs: 60_000,
      streams: [],
    },
    { version: '0.0.0' },
  );
  try {
    const scopes = { account: simulated.accounts[0]?.id ?? '', zone: simulated.zones[0]?.id ?? '', user: 'user' };
    const share = Math.ceil(count / stream.sources.length);
    const drawn = [];
    for (const source of stream.sources) drawn.push(await drawSource(cloudflare, { stream, source, scopeId: scopes[source.scope], count: share }));
    const events = drawn.flat();
    if (events.length === 0) throw new Error(`the simulated API gives no events of ${stream.name}`);
    return Array.from({ length: count }, (_, index) => events[index % events.length] as WireEvent);
  } finally {
    await cloudflare.close();
    await simulated.close();
  }
}

interface SourceRequest {
  readonly stream: StreamDefinition;
  readonly source: SourceDefinition;
  readonly scopeId: string;
  readonly count: number;
}

async function drawSource(cloudflare: Cloudflare, { stream, source, scopeId, count }: SourceRequest): Promise<readonly WireEvent[]> {
  const fields = stream.presets.standard ?? [];
  const window = { since: START - LAG_MS - HOUR_MS, before: START - LAG_MS };
  const request = { stream: stream.name, scopeId, window, ...(fields.length > 0 && { fields }) };
  const events: WireEvent[] = [];
  for await (const records of cloudflare.readWindow(source, request, new AbortController().signal)) {
    for (const { raw } of records) {
      const _conf = { source: source.name, [`${source.scope}_id`]: scopeId };
      events.push({ message: raw.toString('utf8'), _conf, tags: ['forwarded'], data_stream: { type: 'logs', dataset: stream.name, namespace: 'default' } });
    }
    if (events.length >= count) break;
  }
  return events.slice(0, count);
}
