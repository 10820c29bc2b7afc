import { CROWD, DAMAGES, type End, endOf, PATHS, SOON, type Stream } from '../../../test/e2e/cloudflare-faults.ts';
import { toExpectedId } from '../../../test/e2e/expected-id.ts';
import { ACCOUNT, toMinute } from '../../../test/e2e/small-world.ts';
import { ERROR_BODIES } from '../../cloudflare/error-bodies.ts';
import type { FaultAnswer, FaultMatch } from '../../cloudflare/faults.ts';
import type { Bench, FaultCase } from './fault-case.ts';

const HOUR = 3_600_000;
const SETTLED = 'settled, exit 0';
/** Both streams get the answer. */
const ACTS: Readonly<Record<End, string>> = { settled: SETTLED, gap: '2 gaps, exit 0', refused: 'paused, exit 2', failed: 'failed, exit 1' };

/** Every fault of the simulated Cloudflare. */
export function toCloudflareCases(): readonly FaultCase[] {
  return [...ERROR_BODIES.map(({ name }) => toBodyCase(name)), ...DAMAGES.map(toDamageCase), ...PAGES, ...LINES, ...TIMES];
}

function toBodyCase(name: string): FaultCase {
  const answer = { error: name, headers: SOON };
  return { side: 'cloudflare', fault: `${name} from both`, expected: ACTS[endOf(name)], arrange: (bench) => strike(bench, ['audit', 'logpull'], { answer }) };
}

function toDamageCase([name, stream, answer]: (typeof DAMAGES)[number]): FaultCase {
  return { side: 'cloudflare', fault: `${name} from ${stream}`, expected: SETTLED, arrange: (bench) => strike(bench, [stream], { answer }) };
}

interface Strike {
  readonly answer: FaultAnswer;
  readonly match?: FaultMatch;
}

/** The second request of each stream gets the answer, where nothing else is said; zero while one of them was not struck. */
function strike({ world }: Bench, streams: readonly Stream[], { answer, match = { nth: 2, times: 1 } }: Strike): () => number {
  const faults = streams.map((stream) => world.cloudflare.faults.add({ match: { path: PATHS[stream], ...match }, answer }));
  return () => Math.min(...faults.map((fault) => fault.struck()));
}

const PAGES: readonly FaultCase[] = [
  {
    side: 'cloudflare',
    fault: '504 for deep pages of audit',
    expected: SETTLED,
    world: CROWD,
    arrange: (bench) => strike(bench, ['audit'], { answer: { deepPage504: 2 }, match: { times: 2 } }),
  },
  {
    side: 'cloudflare',
    fault: 'a page of audit that comes twice',
    expected: SETTLED,
    world: CROWD,
    arrange: (bench) => strike(bench, ['audit'], { answer: { repeatPage: true }, match: { query: { page: '2' }, times: 1 } }),
  },
  {
    side: 'cloudflare',
    fault: 'one second across the boundary of a page',
    expected: SETTLED,
    world: { accounts: [{ bursts: [{ at: toMinute(Date.now()) - 30 * HOUR, count: 1001 }] }] },
    arrange: countFullPages,
  },
  {
    side: 'cloudflare',
    fault: 'a cursor of audit v2 that comes twice',
    expected: SETTLED,
    world: CROWD,
    connection: { streams: { audit: { account_id: ACCOUNT, audit_api: 'v2', initial_interval: '50h' } } },
    arrange: ({ world }) => world.cloudflare.faults.add({ match: { path: /\/logs\/audit$/, nth: 1, times: 1 }, answer: { repeatCursor: true } }).struck,
    judge: judgeVersion2,
  },
];

const LINES: readonly FaultCase[] = [
  {
    side: 'cloudflare',
    fault: 'a line of logpull that is no UTF-8',
    expected: '1 dead-lettered, exit 0',
    arrange: (bench) => strike(bench, ['logpull'], { answer: { badUtf8Line: 3 } }),
  },
];

const TIMES: readonly FaultCase[] = [
  {
    side: 'cloudflare',
    fault: 'a storm of 429',
    expected: SETTLED,
    arrange: (bench) => strike(bench, ['audit', 'logpull'], { answer: { error: '11', headers: SOON }, match: { chance: 0.6, times: 6 } }),
  },
  {
    side: 'cloudflare',
    fault: 'events of audit that appear up to 5 minutes late',
    expected: SETTLED,
    world: { accounts: [{ auditEventsPerHour: 600, eventsFrom: toMinute(Date.now()) - HOUR }], switches: { indexingDelayMs: 300_000 } },
    arrange: countLate,
    meanwhile: ({ world }) => world.cloudflare.clock.advance(300_000),
  },
];

function countFullPages({ world }: Bench): () => number {
  return () => world.cloudflare.ledger.requests.filter(({ count, path }) => PATHS.audit.test(path) && count === 1000).length;
}

/** How many events the account holds now that an answer over the same time did not have. */
function countLate({ world }: Bench): () => number {
  return () => {
    const { ledger } = world.cloudflare;
    const [first] = ledger.requests.filter(({ path, query }) => PATHS.audit.test(path) && query.page !== '2').slice(-2);
    if (first?.query.since === undefined || first.query.before === undefined) return 0;
    return ledger.auditEvents(ACCOUNT, first.query.since, first.query.before).length - first.count;
  };
}

/** Ids of the events of version 2 of the API. */
async function judgeVersion2({ world }: Bench): Promise<readonly string[]> {
  const stored = (await world.readStream('audit')).map(({ id }) => id);
  const events = world.cloudflare.ledger.auditEventsV2(ACCOUNT, world.from.audit, Date.now() - 5 * 60_000);
  const expected = events.map(({ action, id = '' }) => toExpectedId(['v2', ACCOUNT, id], action && Math.floor(Date.parse(action.time))));
  const missing = expected.filter((id) => !stored.includes(id));
  return [
    ...(missing.length > 0 ? [`${missing.length} of ${expected.length} events are missing`] : []),
    ...(new Set(stored).size < stored.length ? ['events are stored twice'] : []),
    ...(expected.length < 2000 ? ['there were too few events'] : []),
  ];
}
