import { gunzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { ERROR_BODIES } from '../../../_dev/cloudflare/error-bodies.ts';
import type { FaultAnswer } from '../../../_dev/cloudflare/faults.ts';
import { getRaw, type RawAnswer } from './get-raw.ts';
import { HOUR, MINUTE, NOW, openWorld, TOKEN_HEADERS, toSearch, toTime, type World } from './open-world.ts';

const START = NOW - HOUR;
const GZIP = { ...TOKEN_HEADERS, 'accept-encoding': 'gzip' };

function read(world: World, headers: Readonly<Record<string, string>> = TOKEN_HEADERS): Promise<RawAnswer> {
  return getRaw(`${world.url}/zones/${world.zoneId}/logs/received?${toSearch({ start: toTime(START), end: toTime(START + MINUTE) })}`, headers);
}

async function spoil(answer: FaultAnswer, headers?: Readonly<Record<string, string>>) {
  const world = await openWorld({ zones: [{ linesPerHour: 36_000 }] });
  const expected = [...world.ledger.logpullLines(world.zoneId, START, START + MINUTE)];
  world.faults.add({ answer });
  return { world, expected, answer: await read(world, headers) };
}

describe('error bodies', () => {
  it.each(ERROR_BODIES)('$name is served as it is', async ({ body, contentType, headers, name, status }) => {
    const world = await openWorld();
    world.faults.add({ match: { path: '/user' }, answer: `errors/${name}.json` });
    const answer = await world.get('/user');
    expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([status, contentType, body]);
    for (const [header, value] of Object.entries(headers)) expect(answer.headers.get(header)).toBe(value);
  });

  it('are all there, and a wrong name says so', async () => {
    expect(ERROR_BODIES).toHaveLength(26);
    const { faults } = await openWorld();
    expect(() => faults.add({ answer: '99_nothing' })).toThrow('no error body "99_nothing"; there are: 01_403_10000_forbidden_docurl, ');
  });
});

describe('which requests are struck', () => {
  it('the nth and so many after it', async () => {
    const { faults, get } = await openWorld();
    const fault = faults.add({ match: { path: '/user', nth: 2, times: 2 }, answer: '23' });
    const statuses: number[] = [];
    for (let turn = 0; turn < 5; turn++) statuses.push((await get('/user')).status);
    expect(statuses).toEqual([200, 502, 502, 200, 200]);
    expect(fault.struck()).toBe(2);
  });

  it('those of a path, an account, a zone, a query', async () => {
    const world = await openWorld({ accounts: [{}, {}] });
    const [first, second] = world.accounts.map(({ id }) => `/accounts/${id}/audit_logs`) as [string, string];
    const strikes = async (path: string) => (await world.get(path)).status === 502;
    const account = world.faults.add({ match: { account: world.accounts[1]?.id ?? '' }, answer: '23' });
    expect([await strikes(first), await strikes(second)]).toEqual([false, true]);
    account.remove();
    world.faults.add({ match: { path: /audit_logs$/, query: { page: '2' } }, answer: '23' });
    expect([await strikes(first), await strikes(`${first}?page=2`), await strikes('/user?page=2')]).toEqual([false, true, false]);
    world.faults.clear();
    world.faults.add({ match: { zone: world.zoneId }, answer: '23' });
    expect([await strikes(`/zones/${world.zoneId}/logs/received/fields`), await strikes('/zones')]).toEqual([true, false]);
  });

  it('a share of them, the same ones in every run', async () => {
    const run = async () => {
      const { faults, get } = await openWorld();
      faults.add({ match: { chance: 0.5 }, answer: '23' });
      const statuses: number[] = [];
      for (let turn = 0; turn < 30; turn++) statuses.push((await get('/user')).status);
      return statuses;
    };
    const statuses = await run();
    expect(new Set(statuses)).toEqual(new Set([200, 502]));
    expect(await run()).toEqual(statuses);
  });

  it('deep pages', async () => {
    const world = await openWorld();
    world.faults.add({ answer: { deepPage504: 3 } });
    const statuses = await Promise.all([1, 2, 3, 4].map(async (page) => (await world.get(`/accounts/${world.accountId}/audit_logs?page=${page}`)).status));
    expect(statuses).toEqual([200, 200, 504, 504]);
  });

  it('pages that come twice', async () => {
    const world = await openWorld();
    const first = await world.readAudit({ page: 1, per_page: 10 });
    world.faults.add({ match: { query: { page: '2' } }, answer: { repeatPage: true } });
    expect(await world.readAudit({ page: 2, per_page: 10 })).toEqual(first);
  });
});

describe('spoilt lines', () => {
  it('an error trailer after some lines', async () => {
    const { answer, expected } = await spoil({ errorTrailer: 5 });
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toBe([...expected.slice(0, 5), 'Error streaming data', ''].join('\n'));
  });

  it('a line that is no JSON, between the true ones', async () => {
    const { answer, expected } = await spoil({ nonJsonLine: 3 });
    const lines = answer.body.toString().split('\n').slice(0, -1);
    expect(lines[3]).toBe('upstream connect error or disconnect/reset before headers');
    expect(lines.filter((_, index) => index !== 3)).toEqual(expected);
  });

  it('a line that is no UTF-8, between the true ones', async () => {
    const { answer, expected } = await spoil({ badUtf8Line: true });
    const lines = answer.body.toString('latin1').split('\n').slice(0, -1);
    expect(lines[1]).toBe(
      Buffer.from(expected[0] as string)
        .toString('latin1')
        .replace('"RayID":"', '"RayID":"\u00ff'),
    );
    expect(lines.filter((_, index) => index !== 1)).toEqual(expected.map((line) => Buffer.from(line).toString('latin1')));
  });

  it('a last line that is cut', async () => {
    const { answer, expected } = await spoil({ cutLastLine: true });
    const lines = answer.body.toString().split('\n');
    expect(lines.slice(0, -1)).toEqual(expected.slice(0, -1));
    expect(expected.at(-1)?.startsWith(lines.at(-1) as string)).toBe(true);
    expect(lines.at(-1)?.length).toBeLessThan(expected.at(-1)?.length ?? 0);
  });
});

describe('spoilt connections', () => {
  it('gzip that is cut short, in an answer that ends well', async () => {
    const { answer } = await spoil({ truncateGzip: true }, GZIP);
    expect([answer.status, answer.error]).toEqual([200, undefined]);
    expect(() => gunzipSync(answer.body)).toThrow('unexpected end of file');
  });

  it('plain text that claims to be gzip', async () => {
    const { answer, expected } = await spoil({ notGzip: true }, GZIP);
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.body.toString()).toBe(expected.map((line) => `${line}\n`).join(''));
  });

  it('a reset before an answer', async () => {
    const { answer, world } = await spoil({ reset: 'before' });
    expect([answer.status, answer.error]).toEqual([0, 'ECONNRESET']);
    expect(world.ledger.requests).toMatchObject([{ status: 0, complete: false, fault: 1 }]);
  });

  it('a reset within the body', async () => {
    const { answer, expected, world } = await spoil({ reset: 20_000 });
    expect(world.ledger.requests).toMatchObject([{ status: 200, complete: false, fault: 1 }]);
    expect(answer.error).toBe('ECONNRESET');
    // A reset takes with it what the client has not read yet, in a slow moment the head too.
    expect([0, 200]).toContain(answer.status);
    const whole = Buffer.from(expected.map((line) => `${line}\n`).join(''));
    expect(answer.body.equals(whole.subarray(0, answer.body.length))).toBe(true);
    expect(answer.body.length).toBeLessThanOrEqual(20_000);
  });

  it.each(['before', 100] as const)('silence (%s) until the client gives up', async (stall) => {
    const world = await openWorld();
    const fault = world.faults.add({ answer: { stall } });
    const controller = new AbortController();
    const served = new Promise((resolve) => world.ledger.onServed(resolve));
    const answer = fetch(`${world.url}/zones`, { headers: TOKEN_HEADERS, signal: controller.signal }).then((response) => response.text());
    const rejected = expect(answer).rejects.toThrow('aborted');
    await vi.waitFor(() => expect(fault.struck()).toBe(1));
    controller.abort();
    await rejected;
    expect(await served).toMatchObject({ complete: false, status: stall === 'before' ? 0 : 200 });
  });

  it('slow answers and slow bodies', async () => {
    const { world } = await spoil({ slowMs: 60, dripMs: 30 });
    expect(world.ledger.requests[0]?.tookMs).toBeGreaterThan(85);
  });

  it('anything that is given', async () => {
    const { answer } = await spoil({ status: 503, body: '{"success":', headers: { 'retry-after': '7' } });
    expect([answer.status, answer.headers['retry-after'], answer.body.toString()]).toEqual([503, '7', '{"success":']);
  });
});
