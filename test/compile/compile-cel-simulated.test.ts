import { afterEach, beforeAll, expect, it } from 'vitest';
import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import type { Switches } from '../../_dev/cloudflare/switches.ts';
import type { StreamDefinition } from '../../src/definition/definition.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { programOrSkip } from '../skipping.ts';
import { type CelRound, runSource, toPublished } from './run-mito.ts';

const { path: mito, describeProgram } = programOrSkip('MITO', 'mito, which runs CEL programs,');
const [userToken, globalKey] = DEMO_CREDENTIALS;

let streams: Readonly<Record<string, StreamDefinition>>;
let cloudflare: SimulatedCloudflare | undefined;

beforeAll(async () => {
  const definition = await readDefinition('.');
  streams = Object.fromEntries(definition.streams.map((stream) => [stream.name, stream]));
});

afterEach(async () => {
  await cloudflare?.close();
});

async function run(
  name: string,
  options: CloudflareOptions,
  state: object,
): Promise<{ readonly api: SimulatedCloudflare; readonly rounds: readonly CelRound[] }> {
  const api = await startCloudflare(options);
  cloudflare = api;
  const given = { url: api.url, api_token: userToken.token, scopes: (name === 'audit' ? api.accounts : api.zones).map(({ id }) => id), ...state };
  const rounds = await runSource(mito, streams[name] as StreamDefinition, given, 200);
  expect(api.ledger.bugs).toEqual([]);
  return { api, rounds };
}

/** What the program has read of an account or zone: from the start of its first window to where its cursor stands. */
function toRange({ ledger }: SimulatedCloudflare, rounds: readonly CelRound[], id: string): { readonly since: string; readonly before: string } {
  const first = ledger.requests.find(({ path, query }) => path.includes(id) && (query.since ?? query.start) !== undefined);
  return { since: String(first?.query.since ?? first?.query.start), before: String(rounds.at(-1)?.cursor?.[id]?.until) };
}

function toRecords(rounds: readonly CelRound[], key: string, id: string): readonly string[] {
  return toPublished(rounds)
    .filter(({ _conf }) => _conf[key] === id)
    .map(({ message }) => String(message));
}

/** The first window's start and the last one's end are the only bounds where it shows whether Cloudflare includes them. */
function isInside(
  when: string,
  range: { readonly since: string; readonly before: string },
  { sinceInclusive = true, beforeInclusive = false }: Partial<Switches>,
): boolean {
  const [moment, since, before] = [when, range.since, range.before].map((text) =>
    text.replace(/(\.\d+)?Z$/, (_, fraction = '.0') => String(fraction).padEnd(7, '0')),
  ) as [string, string, string];
  return (sinceInclusive ? moment >= since : moment > since) && (beforeInclusive ? moment <= before : moment < before);
}

const auditAnswers: readonly Partial<Switches>[] = [
  {},
  { v1Cap3000: true },
  { pastLastPage: 400 },
  { emptyResult: 'null' },
  { sinceInclusive: false },
  { beforeInclusive: true },
  { resultInfo: true },
];

describeProgram('the CEL program of audit logs, against the simulated API', () => {
  it.each(auditAnswers)('publishes every event of the ledger and no other, with %j', async (switches) => {
    const accounts = [{ auditEventsPerHour: 3000 }, { auditEventsPerHour: 2 }, { auditEventsPerHour: 0 }];
    const { api, rounds } = await run('audit', { accounts, switches }, { initial_interval: '3h' });
    for (const { id } of api.accounts) {
      const { since, before } = toRange(api, rounds, id);
      const records = new Map(
        toRecords(rounds, 'account_id', id).map((message) => [(JSON.parse(message) as { id: string }).id, JSON.parse(message) as unknown]),
      );
      const events = api.ledger.auditEvents(id, since, Date.parse(before) + 1).filter(({ when }) => isInside(String(when), { since, before }, switches));
      expect(Date.parse(before) - Date.parse(since)).toBeGreaterThan(2.9 * 3_600_000);
      expect([...records.keys()].toSorted()).toEqual(events.map((event) => String(event.id)).toSorted());
      expect(events.map((event) => records.get(String(event.id)))).toEqual(events);
    }
    const [busy] = api.accounts;
    expect(toRecords(rounds, 'account_id', String(busy?.id)).length).toBeGreaterThan(6000);
    expect(rounds.at(-1)?.want_more).toBe(false);
  });

  it('reads on behind a second that holds more than Cloudflare gives, and says which', async () => {
    const full = Math.floor(Date.now() / 1000) * 1000 - 5_400_000;
    const accounts = [{ auditEventsPerHour: 300, bursts: [{ at: full, count: 3500 }] }];
    const { api, rounds } = await run('audit', { accounts, switches: { v1Cap3000: true } }, { initial_interval: '3h' });
    const id = String(api.accounts[0]?.id);
    const { since, before } = toRange(api, rounds, id);
    const read = new Set(toRecords(rounds, 'account_id', id).map((message) => (JSON.parse(message) as { id: string }).id));
    const missing = api.ledger.auditEvents(id, since, before).filter((event) => !read.has(String(event.id)));
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.filter(({ when }) => Math.floor(Date.parse(String(when)) / 1000) * 1000 !== full)).toEqual([]);
    const [told] = rounds.flatMap(({ events }) => ('error' in events ? [events.error.message] : []));
    const [, from, to] = /gives no more of the events between (\S+) and (\S+)$/.exec(String(told)) ?? [];
    expect(Date.parse(String(from)) < full && Date.parse(String(to)) > full).toBe(true);
  });

  it('takes e-mail and global key, and says which account it may not read', async () => {
    const accounts = [{ id: 'a'.repeat(32) }, { id: 'b'.repeat(32) }];
    const credentials = [{ ...globalKey, grants: { [accounts[1]?.id ?? '']: ['Account Settings Read'] } }] as const;
    const { rounds } = await run('audit', { accounts, credentials }, { api_token: '', auth_email: globalKey.email, auth_key: globalKey.key });
    expect(rounds[0]?.events).toMatchObject({
      error: { message: expect.stringContaining(`reading audit of account ${'a'.repeat(32)}: Cloudflare answered 40`) as string },
    });
    expect(Object.keys(rounds.at(-1)?.cursor ?? {})).toEqual(['b'.repeat(32)]);
    expect(toRecords(rounds, 'account_id', 'b'.repeat(32)).length).toBeGreaterThan(50);
  });
});

describeProgram('the CEL program of request logs, against the simulated API', () => {
  it.each<Partial<Switches>>([{}, { crlf: true }, { logpullMinDelayMs: 300_000 }])(
    'publishes every line of the ledger byte for byte, with %j',
    async (switches) => {
      const { api, rounds } = await run(
        'logpull',
        { zones: [{ linesPerHour: 3000 }, { linesPerHour: 0 }], switches },
        { initial_interval: '2h', fields: ['standard'] },
      );
      for (const { id } of api.zones) {
        const { since, before } = toRange(api, rounds, id);
        const fields = String(api.ledger.requests.find(({ query }) => query.fields !== undefined)?.query.fields).split(',');
        const lines = [...api.ledger.logpullLines(id, since, before, { fields })];
        expect(toRecords(rounds, 'zone_id', id).toSorted()).toEqual(lines.toSorted());
      }
      expect(toPublished(rounds).length).toBeGreaterThan(4000);
      expect(rounds.at(-1)?.want_more).toBe(false);
    },
  );
});

/** The range that a program has read under a cursor. */
function rangeOf({ ledger }: SimulatedCloudflare, rounds: readonly CelRound[], { path, key }: { readonly path: string; readonly key: string }) {
  const first = ledger.requests.find((request) => request.path.endsWith(path));
  return { since: String(first?.query.since), before: String(rounds.at(-1)?.cursor?.[key]?.until) };
}

describeProgram('the CEL program of user audit logs, against the simulated API', () => {
  it('publishes every event of the user and no other', async () => {
    const { api, rounds } = await run('user_audit', { users: { auditEventsPerHour: 2000 } }, { scopes: ['user'], initial_interval: '3h' });
    const { since, before } = rangeOf(api, rounds, { path: '/user/audit_logs', key: 'user' });
    const ids = new Set(toRecords(rounds, 'user_id', 'user').map((message) => (JSON.parse(message) as { id: string }).id));
    const events = api.ledger.userAuditEvents(api.users[0]?.id ?? '', since, before);
    expect(events.length).toBeGreaterThan(5000);
    expect(events.filter(({ id }) => !ids.has(String(id)))).toEqual([]);
    expect(ids.size).toBe(events.length);
    expect(rounds.at(-1)?.want_more).toBe(false);
  });

  it('asks for nothing with a token that an account owns, and says why', async () => {
    const { api, rounds } = await run('user_audit', {}, { scopes: ['user'], api_token: `cfat_${'o'.repeat(40)}` });
    expect(rounds.map(({ events }) => events)).toEqual([
      { error: { message: expect.stringMatching(/^reading user_audit of the user: the API token belongs to an account.* Use a token of a user/) as string } },
    ]);
    expect(rounds.at(-1)?.want_more).toBe(false);
    expect(api.ledger.requests).toEqual([]);
  });
});

describeProgram('the CEL program of Access logs, against the simulated API', () => {
  it.each<Partial<Switches>>([{}, { accessPageSize: 'limit' }, { sinceInclusive: false }, { emptyResult: 'null' }])(
    'publishes every login of the ledger and no other, with %j',
    async (switches) => {
      const accounts = [{ access: { perHour: 1500, twice: 0.05 } }, { access: { perHour: 0 } }];
      const scopes = ['a'.repeat(32), 'b'.repeat(32)];
      const { api, rounds } = await run(
        'access',
        { accounts: accounts.map((account, index) => ({ ...account, id: scopes[index] as string })), switches },
        { scopes },
      );
      const [id = ''] = scopes;
      const { since, before } = rangeOf(api, rounds, { path: `${id}/access/logs/access_requests`, key: id });
      const toText = (event: object): string => JSON.stringify(Object.entries(event).toSorted());
      const read = new Set(toRecords(rounds, 'account_id', id).map((message) => toText(JSON.parse(message) as object)));
      const events = api.ledger.accessEvents(id, Date.parse(since) + 1, before);
      expect(events.length).toBeGreaterThan(2500);
      expect(events.filter((event) => !read.has(toText(event)))).toEqual([]);
      expect(read.size).toBeLessThanOrEqual(new Set(events.map(toText)).size + 1);
      expect(rounds.at(-1)?.want_more).toBe(false);
    },
  );

  it.each([
    ['24h', 24],
    ['30d', 720],
    ['180d', 4320],
    [undefined, 4320],
  ])('reaches back as far as the retention %s lets it', async (retention, hours) => {
    const scopes = ['a'.repeat(32)];
    const accounts = [{ id: 'a'.repeat(32), access: { perHour: 0 } }];
    const state = { scopes, initial_interval: '9000h', ...(retention === undefined ? {} : { retention }) };
    const { api } = await run('access', { accounts, limits: 'off' }, state);
    const [first] = api.ledger.requests;
    expect(Math.abs(Number(first?.atMs) - Date.parse(String(first?.query.since)) - hours * 3_600_000)).toBeLessThan(10_000);
  });

  it('says that Zero Trust is off, in the words of Cloudflare', async () => {
    const { rounds } = await run('access', { accounts: [{ id: 'a'.repeat(32), access: 'off' }] }, { scopes: ['a'.repeat(32)] });
    expect(rounds[0]?.events).toMatchObject({ error: { message: expect.stringMatching(/answered 403: .*Access is not enabled/) as string } });
  });
});
