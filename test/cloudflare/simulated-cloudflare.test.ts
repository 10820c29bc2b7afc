import { afterEach, describe, expect, it } from 'vitest';
import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import { ERROR_BODIES } from '../../_dev/cloudflare/error-bodies.ts';
import type { FaultAnswer } from '../../_dev/cloudflare/faults.ts';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import type { Switches } from '../../_dev/cloudflare/switches.ts';
import { type Cloudflare, openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import { systemTiming, type Timing } from '../../src/cloudflare/timing.ts';
import type { CollectedRecord } from '../../src/cloudflare/to-record.ts';
import { CloudflareError } from '../../src/errors.ts';
import type { CloudflareCredential } from '../../src/settings/settings.ts';
import { ACCOUNT, auditSource, auditSourceV2, connectionTo, linesSource, ZONE } from './sources.ts';

const MINUTE = 60_000;
const NOW = Math.floor(Date.now() / MINUTE) * MINUTE;
const HOUR = { since: NOW - 90 * MINUTE, before: NOW - 30 * MINUTE };
const FIVE_MINUTES = { since: NOW - 20 * MINUTE, before: NOW - 15 * MINUTE };
const FIELDS = [...linesSource.id, 'ClientRequestUserAgent'];
const signal = new AbortController().signal;

/** Real time, and waits that are over at once. */
function createTiming(): Timing {
  let waited = 0;
  const sleep = async (ms: number): Promise<void> => {
    waited += ms;
  };
  return { ...systemTiming, now: () => Date.now() + waited, sleep };
}

let api: SimulatedCloudflare;
let cloudflare: Cloudflare;
afterEach(async () => {
  await cloudflare.close();
  await api.close();
  expect(api.ledger.bugs).toEqual([]);
});

async function start(options: CloudflareOptions = {}, credential: CloudflareCredential = { kind: 'token', token: DEMO_CREDENTIALS[0].token }): Promise<void> {
  api = await startCloudflare({ limits: 'off', accounts: [{ id: ACCOUNT }], zones: [{ id: ZONE, account: ACCOUNT, linesPerHour: 12_000 }], ...options });
  cloudflare = await openCloudflare(connectionTo(api.url, { credential }), { version: '0.1.0', timing: createTiming() });
}

async function readAudit(pageSize = 1000): Promise<readonly CollectedRecord[]> {
  const records: CollectedRecord[] = [];
  const request = { stream: 'audit', scopeId: ACCOUNT, window: HOUR };
  for await (const batch of cloudflare.readWindow(auditSource(pageSize), request, signal)) records.push(...batch);
  return records;
}

async function readAuditV2(pageSize = 1000): Promise<readonly CollectedRecord[]> {
  const records: CollectedRecord[] = [];
  const request = { stream: 'audit', scopeId: ACCOUNT, window: HOUR };
  for await (const batch of cloudflare.readWindow(auditSourceV2(pageSize), request, signal)) records.push(...batch);
  return records;
}

async function readLogpull(): Promise<readonly CollectedRecord[]> {
  const records: CollectedRecord[] = [];
  const request = { stream: 'logpull', scopeId: ZONE, window: FIVE_MINUTES, fields: FIELDS };
  for await (const batch of cloudflare.readWindow(linesSource, request, signal)) records.push(...batch);
  return records;
}

function parse(records: readonly CollectedRecord[]): readonly unknown[] {
  return records.map(({ raw }) => JSON.parse(raw.toString()));
}

async function actOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'none',
    (error: unknown) => (error instanceof CloudflareError ? error.act : String(error)),
  );
}

const BURST_AT = HOUR.since + 20 * MINUTE;

describe('the simulated API, audit logs', () => {
  it.each<[string, Partial<Switches>, number]>([
    ['the defaults', {}, 1000],
    ['small pages', {}, 100],
    ['a cap of 3,000 records', { v1Cap3000: true }, 1000],
    ['an exclusive since', { sinceInclusive: false }, 100],
    ['an inclusive before', { beforeInclusive: true }, 100],
    ['400 past the last page', { pastLastPage: 400 }, 100],
    ['null for nothing', { emptyResult: 'null' }, 100],
    ['counts of pages', { resultInfo: true }, 100],
  ])('gives every event once with %s', async (_name, switches, pageSize) => {
    const bursts = [
      { at: BURST_AT, count: 250 },
      { at: BURST_AT + 5_000, count: 2_400 },
    ];
    await start({ switches, accounts: [{ id: ACCOUNT, auditEventsPerHour: 900, bursts }] });
    const records = await readAudit(pageSize);
    const end = switches.beforeInclusive === true ? HOUR.before + 1 : HOUR.before;
    const events = api.ledger.auditEvents(ACCOUNT, switches.sinceInclusive === false ? HOUR.since + 1 : HOUR.since, end);
    expect(events.length).toBeGreaterThan(3_300);
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    expect(parse(records)).toEqual(events);
  });

  it('asks for shorter windows where one second holds more than the cap', async () => {
    await start({ switches: { v1Cap3000: true }, accounts: [{ id: ACCOUNT, bursts: [{ at: BURST_AT, count: 3_500 }] }] });
    expect(await actOf(readAudit())).toBe('split');
  });

  it('asks for shorter windows where deep pages time out', async () => {
    await start({ accounts: [{ id: ACCOUNT, bursts: [{ at: BURST_AT, count: 2_500 }] }] });
    api.faults.add({ answer: { deepPage504: 2 } });
    expect(await actOf(readAudit())).toBe('split');
  });

  it('gives every event once where the server repeats pages', async () => {
    await start({ accounts: [{ id: ACCOUNT, bursts: [{ at: BURST_AT, count: 250 }] }] });
    const fault = api.faults.add({ answer: { repeatPage: true }, match: { times: 1, query: { page: '3' } } });
    const act = await actOf(readAudit(100));
    expect([fault.struck(), act]).toEqual([1, 'split']);
  });
});

describe('the simulated API, audit logs of version 2', () => {
  const bursts = [{ at: BURST_AT, count: 2_400 }];

  it.each<[string, Partial<Switches>]>([
    ['the defaults', {}],
    ['cursors.after and a number', { v2Cursor: 'cursors.after', v2Count: 'number' }],
    ['a cursor on the last page', { v2LastCursor: true }],
    ['an exclusive since', { sinceInclusive: false }],
    ['an inclusive before', { beforeInclusive: true }],
    ['null for nothing', { emptyResult: 'null' }],
  ])('gives every event once with %s', async (_name, switches) => {
    await start({ switches, accounts: [{ id: ACCOUNT, auditEventsPerHour: 900, bursts }] });
    const records = await readAuditV2(100);
    const events = api.ledger.auditEventsV2(ACCOUNT, HOUR.since, HOUR.before + (switches.beforeInclusive === true ? 1 : 0));
    expect(events.length).toBeGreaterThan(2_500);
    expect(parse(records)).toEqual(switches.sinceInclusive === false ? events.filter(({ action }) => Date.parse(String(action?.time)) > HOUR.since) : events);
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
  });

  it.each([1, 3])('gives every event once where the server repeats cursors, from the request %i with one on', async (nth) => {
    await start({ accounts: [{ id: ACCOUNT, auditEventsPerHour: 900 }] });
    const fault = api.faults.add({ answer: { repeatCursor: true }, match: { nth, times: 2 } });
    expect(parse(await readAuditV2(100))).toEqual(api.ledger.auditEventsV2(ACCOUNT, HOUR.since, HOUR.before));
    expect(fault.struck()).toBe(2);
  });

  it('gives every event once where a cursor is refused', async () => {
    await start({ accounts: [{ id: ACCOUNT, auditEventsPerHour: 900 }] });
    api.faults.add({ answer: { status: 400, body: '{"success":false,"errors":[{"message":"bad request: cursor is invalid"}]}' }, match: { nth: 3, times: 1 } });
    expect(parse(await readAuditV2(100))).toEqual(api.ledger.auditEventsV2(ACCOUNT, HOUR.since, HOUR.before));
  });
});

describe('the simulated API, Logpull', () => {
  it.each<[string, Partial<Switches>]>([
    ['the defaults', {}],
    ['shuffled keys', { shuffleKeys: true }],
    ['CRLF', { crlf: true }],
  ])('gives every line once with %s', async (_name, switches) => {
    await start({ switches });
    const records = await readLogpull();
    const lines = [...api.ledger.logpullLines(ZONE, FIVE_MINUTES.since, FIVE_MINUTES.before, { fields: FIELDS })];
    expect(lines.length).toBeGreaterThan(500);
    expect(new Set(records.map(({ id }) => id)).size).toBe(lines.length);
    expect(parse(records)).toEqual(lines.map((line) => JSON.parse(line)));
    const sent = records.map(({ raw }) => raw.toString()).join('\n');
    expect(sent === lines.join('\n')).toBe(switches.shuffleKeys !== true);
  });

  it.each<[string, FaultAnswer]>([
    ['an error trailer', { errorTrailer: true }],
    ['truncated gzip', { truncateGzip: true }],
    ['plain text that claims to be gzip', { notGzip: true }],
    ['a cut last line', { cutLastLine: true }],
    ['a lost connection', { reset: 2_000 }],
  ])('reads the window again after %s', async (_name, answer) => {
    await start();
    api.faults.add({ answer });
    expect(await actOf(readLogpull())).toBe('retry');
  });

  it('keeps lines that are no JSON or no UTF-8, and all around them', async () => {
    await start();
    api.faults.add({ answer: { nonJsonLine: 2, badUtf8Line: 5 } });
    const records = await readLogpull();
    const lines = [...api.ledger.logpullLines(ZONE, FIVE_MINUTES.since, FIVE_MINUTES.before, { fields: FIELDS })];
    expect(records).toHaveLength(lines.length + 2);
    expect(records.filter(({ raw }) => raw.includes(0xff))).toHaveLength(1);
    expect(records.filter(({ raw }) => raw.toString().startsWith('upstream connect error'))).toHaveLength(1);
  });
});

describe('the simulated API, refusals', () => {
  const acts: Readonly<Record<string, string>> = {
    9: 'bug',
    11: 'wait',
    12: 'wait',
    13: 'bug',
    18: 'jump',
    19: 'jump',
    20: 'wait',
    21: 'split',
    23: 'retry',
    24: 'retry',
  };

  it.each(ERROR_BODIES.map(({ name }) => name))('acts on %s in the same way for pages and lines', async (name) => {
    await start();
    api.faults.add({ answer: name });
    const act = acts[Number(name.slice(0, 2))] ?? 'pause';
    expect([await actOf(readAudit()), await actOf(readLogpull())]).toEqual([act, act]);
  });

  it('pauses without the permission, and names it', async () => {
    const token = `cfut_${'x'.repeat(40)}`;
    await start({ credentials: [{ kind: 'user_token', token, grants: { '*': ['Zone Read'] } }] }, { kind: 'token', token });
    await expect(readAudit()).rejects.toMatchObject({ act: 'pause', hint: expect.stringContaining('"Account Settings Read"') });
    await expect(readLogpull()).rejects.toMatchObject({ act: 'pause', hint: expect.stringContaining('"Logs Read"') });
  });

  it('pauses where log retention is off', async () => {
    await start({ zones: [{ id: ZONE, account: ACCOUNT, retention: false }] });
    await expect(readLogpull()).rejects.toMatchObject({ act: 'pause', hint: expect.stringContaining(`Turn on log retention of zone ${ZONE}`) });
  });

  it('keeps within the documented limits, so that nothing is refused', async () => {
    await start({ limits: {} });
    const paced = await openCloudflare(connectionTo(api.url, { credential: { kind: 'token', token: DEMO_CREDENTIALS[0].token } }), {
      version: '0.1.0',
      timing: { now: api.clock.now, random: Math.random, sleep: async (ms) => api.clock.advance(ms) },
    });
    const request = { stream: 'logpull', scopeId: ZONE, window: { since: NOW - 10 * MINUTE, before: NOW - 9 * MINUTE }, fields: FIELDS };
    for (let round = 0; round < 40; round += 1)
      for await (const batch of paced.readWindow(linesSource, request, signal)) expect(batch.length).toBeGreaterThan(0);
    await paced.close();
    expect(api.ledger.requests.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 200));
  });
});

describe('the simulated API, what check asks', () => {
  it.each<[string, CloudflareCredential]>([
    ['userToken', { kind: 'token', token: DEMO_CREDENTIALS[0].token }],
    ['key', { kind: 'key', email: DEMO_CREDENTIALS[1].email, key: DEMO_CREDENTIALS[1].key }],
  ])('verifies a %s, lists and probes', async (kind, credential) => {
    await start({}, credential);
    expect(await cloudflare.verify([ACCOUNT], signal)).toMatchObject({ kind, status: 'active' });
    expect((await cloudflare.listAccounts(signal)).map(({ id }) => id)).toEqual([ACCOUNT]);
    expect((await cloudflare.listZones(signal)).map(({ id }) => id)).toEqual([ZONE]);
    expect(await cloudflare.offeredFields(ZONE, signal)).toEqual(expect.arrayContaining(FIELDS));
    expect((await cloudflare.probe(auditSource(), { stream: 'audit', scopeId: ACCOUNT }, signal))?.timeMs).toBeGreaterThan(NOW - 86_400_000 - MINUTE);
    expect((await cloudflare.probe(linesSource, { stream: 'logpull', scopeId: ZONE, fields: [] }, signal))?.timeMs).toBeGreaterThan(NOW - 10 * MINUTE);
  });

  it.each(['cfat_', 'old-form-'])('verifies a token of an account that begins with %s', async (prefix) => {
    const token = `${prefix}${'y'.repeat(40)}`;
    await start({ credentials: [{ kind: 'account_token', token, accountId: ACCOUNT }] }, { kind: 'token', token });
    expect(await cloudflare.verify([ACCOUNT], signal)).toMatchObject({ kind: 'accountToken', status: 'active' });
    await expect(cloudflare.listAccounts(signal)).rejects.toMatchObject({ act: 'pause', hint: expect.stringContaining('Name the account ids') });
  });

  it('says that a token is unknown', async () => {
    await start({}, { kind: 'token', token: 'nobody-knows-this-token-of-forty-letters' });
    await expect(cloudflare.verify([ACCOUNT], signal)).rejects.toMatchObject({ act: 'pause', hint: expect.stringContaining('Check api_token') });
  });
});
