import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { programOrSkip } from '../skipping.ts';
import { useServer } from './answering-server.ts';
import { audit } from './definition.ts';
import { type CelRound, runSource, toPublished } from './run-mito.ts';

const { path: mito, describeProgram } = programOrSkip('MITO', 'mito, which runs CEL programs,');
const HOUR = 3_600_000;
const a = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const b = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';
const server = useServer();

const run = (state: object, rounds?: number): Promise<readonly CelRound[]> => runSource(mito, audit, { url: server.base(), scopes: [a], ...state }, rounds);

function listOf(count: number, first = 0): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({ id: `id-${first + index}`, when: '2026-11-01T00:00:00Z' }));
}

function send(response: ServerResponse, result: unknown): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ success: true, errors: [], messages: [], result }));
}

function hoursAgo(hours: number): string {
  return new Date(Math.floor(Date.now() / 1000) * 1000 - hours * HOUR).toISOString().replace('.000', '');
}

/** Serves 5500 records in order of time, but of one query only so many pages. */
function answerPages(toSecond: (index: number) => number, pages: number): void {
  const records = Array.from({ length: 5500 }, (_, index) => ({ id: `id-${index}`, when: new Date(toSecond(index) * 1000).toISOString() }));
  server.answer((url, response) => {
    const page = Number(url.searchParams.get('page'));
    const found = records.filter(({ when }) => Date.parse(when) >= numberOf(url, 'since'));
    send(response, page > pages ? [] : found.slice((page - 1) * 1000, page * 1000));
  });
}

function toIds(rounds: readonly CelRound[]): readonly string[] {
  return toPublished(rounds).map(({ message }) => (JSON.parse(String(message)) as { readonly id: string }).id);
}

function numberOf(url: URL | undefined, name: string): number {
  return Date.parse(String(url?.searchParams.get(name)));
}

describeProgram('the CEL program of audit logs', () => {
  it('reads pages until one is short, within one window, and keeps the end of the window', async () => {
    server.answer((url, response) => send(response, url.searchParams.get('page') === '1' ? listOf(1000) : listOf(3, 1000)));
    const rounds = await run({});
    expect(server.requests().map(({ url }) => [url.pathname, url.searchParams.get('page')])).toEqual([
      [`/client/v4/accounts/${a}/audit_logs`, '1'],
      [`/client/v4/accounts/${a}/audit_logs`, '2'],
    ]);
    const [first, second] = server.requests().map(({ url }) => url);
    expect(Object.fromEntries(second?.searchParams ?? [])).toEqual({ ...Object.fromEntries(first?.searchParams ?? []), page: '2' });
    expect(first?.searchParams.get('direction')).toBe('asc');
    expect(first?.searchParams.get('per_page')).toBe('1000');
    expect(numberOf(first, 'before') - numberOf(first, 'since')).toBe(2 * HOUR - 60_000);
    const published = toPublished(rounds);
    expect(toIds(rounds)).toEqual(Array.from({ length: 1003 }, (_, i) => `id-${i}`));
    expect(published[0]?._conf).toEqual({ source: 'v1', account_id: a });
    expect(rounds.map(({ want_more }) => want_more)).toEqual([true, false]);
    expect(rounds.at(-1)?.cursor).toEqual({ [a]: { until: first?.searchParams.get('before') } });
  });

  it('ends on an exact multiple of the page size, whether the page past the end is empty or refused', async () => {
    for (const status of [200, 400]) {
      server.forget();
      server.answer((url, response) => {
        if (url.searchParams.get('page') === '1') return send(response, listOf(1000));
        response.statusCode = status;
        send(response, []);
      });
      const rounds = await run({});
      expect(server.requests()).toHaveLength(2);
      expect(toPublished(rounds)).toHaveLength(1000);
      expect(rounds.at(-1)).toMatchObject({ want_more: false, cursor: { [a]: {} } });
    }
  });

  it('reads on from the last second where Cloudflare shows three pages only', async () => {
    const start = Math.floor(Date.now() / 1000) - 7000;
    answerPages((index) => start + index, 3);
    const ids = toIds(await run({}));
    expect(new Set(ids).size).toBe(5500);
    expect(ids).toHaveLength(5502);
  });

  it('comes to an end where more than three pages are of one second', async () => {
    const start = Math.floor(Date.now() / 1000) - 3600;
    answerPages(() => start, 6);
    const rounds = await run({});
    expect(new Set(toIds(rounds)).size).toBe(5500);
    expect(server.requests().map(({ url }) => url.searchParams.get('page'))).toEqual(['1', '2', '3', '1', '2', '3', '4', '5', '6', '1']);
    expect(rounds.at(-1)).toMatchObject({ want_more: false, cursor: { [a]: {} } });
  });

  it('moves the cursor over empty windows, one day after the other, with an event that carries it', async () => {
    server.answer((_, response) => send(response, null));
    const rounds = await run({ initial_interval: '1d12h' });
    const [first, second] = server.requests().map(({ url }) => url);
    expect(numberOf(first, 'before') - numberOf(first, 'since')).toBe(24 * HOUR);
    expect(numberOf(first, 'before') - numberOf(second, 'since')).toBe(300_000);
    expect(Math.abs(numberOf(second, 'before') - Date.now() + 60_000)).toBeLessThan(10_000);
    expect(rounds.map(({ events }) => events)).toEqual([[{ _conf: { empty: true } }], [{ _conf: { empty: true } }]]);
    expect(rounds.at(-1)?.cursor).toEqual({ [a]: { until: server.requests()[1]?.url.searchParams.get('before') } });
  });

  it('goes on where the cursor stands, five minutes back, and rests when nothing is new', async () => {
    server.answer((_, response) => send(response, []));
    const until = hoursAgo(3);
    await run({ cursor: { [a]: { until } } });
    expect(numberOf(server.requests()[0]?.url, 'since')).toBe(Date.parse(until) - 300_000);
    server.forget();
    const rounds = await run({ cursor: { [a]: { until: hoursAgo(0) } } });
    expect(server.requests()).toEqual([]);
    expect(rounds).toMatchObject([{ events: [], want_more: false }]);
  });

  it('never asks for more than Cloudflare keeps, and says once what is lost: only in the log, for an input writes no gap record', async () => {
    server.answer((_, response) => send(response, []));
    const rounds = await run({ cursor: { [a]: { until: '2020-01-01T00:00:00Z' } } }, 3);
    expect(server.requests()).toHaveLength(2);
    const since = numberOf(server.requests()[0]?.url, 'since');
    expect(Math.abs(since - Date.now() + 47_088_000_000)).toBeLessThan(10_000);
    expect(rounds[0]).toMatchObject({ want_more: true, told: { [a]: '2020-01-01T00:00:00Z' } });
    expect(rounds[0]?.events).toMatchObject({
      error: { message: expect.stringMatching(/Cloudflare no longer keeps what lies between 2020-01-01T00:00:00Z and .*, it is not collected$/) as string },
    });
    expect(Array.isArray(rounds[1]?.events) && Array.isArray(rounds[2]?.events)).toBe(true);
  });

  it('refuses what is no id without a request, above all the word that only the collector takes', async () => {
    server.answer((_, response) => send(response, []));
    const rounds = await run({ scopes: ['all', `${a}/../x`, '', a] });
    expect(rounds.slice(0, 3).map(({ events }) => events)).toMatchObject(
      ['all', `${a}/../x`, ''].map((id) => ({
        error: { message: `reading audit: the account_id ${id} is no id. Write 32 lower-case hexadecimal digits; only the collector takes the word all.` },
      })),
    );
    expect(server.requests().map(({ url }) => url.pathname)).toEqual([`/client/v4/accounts/${a}/audit_logs`]);
    expect(Object.keys(rounds.at(-1)?.cursor ?? {})).toEqual([a]);
  });

  it('goes on with the next account where no answer comes, or not the whole of it', async () => {
    server.answer((url, response) => {
      if (url.pathname.includes(b)) return send(response, listOf(1));
      response.writeHead(200, { 'content-length': '1000' }).write('{"success":true,');
      response.destroy();
    });
    const rounds = await run({ scopes: [a, b] });
    expect(rounds[0]).toMatchObject({ failures: { [a]: 1 }, want_more: true });
    expect(rounds[0]?.events).toMatchObject({
      error: { message: expect.stringMatching(new RegExp(`^reading audit of account ${a}: no whole answer came: (unexpected )?EOF$`)) as string },
    });
    expect(Object.keys(rounds.at(-1)?.cursor ?? {})).toEqual([b]);
    const [refused] = await run({ url: 'http://127.0.0.1:1/' });
    expect(refused?.events).toMatchObject({ error: { message: expect.stringMatching(/no whole answer came: dial tcp 127.0.0.1:1: .*refused$/) as string } });
  });

  it('reports a refused account and collects the others', async () => {
    server.answer((url, response) => {
      if (url.pathname.includes(b)) return send(response, listOf(1));
      response.writeHead(403).end('{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}');
    });
    const rounds = await run({ scopes: [a, b] });
    expect(rounds[0]?.events).toEqual({
      error: {
        message: `reading audit of account ${a}: Cloudflare answered 403: {"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`,
      },
    });
    expect(toPublished(rounds)).toHaveLength(1);
    expect(Object.keys(rounds.at(-1)?.cursor ?? {})).toEqual([b]);
    expect(rounds.at(-1)?.work).toEqual({ scope: 0 });
  });

  it.each([
    ['an answer that is no JSON', '<html>'],
    ['a failure under status 200', '{"success":false,"errors":[],"result":null}'],
  ])('does not take %s for a window', async (_, body) => {
    server.answer((_url, response) => void response.end(body));
    const rounds = await run({});
    expect(rounds).toMatchObject([{ events: { error: { message: expect.stringContaining(body) as string } }, failures: { [a]: 1 }, want_more: false }]);
    expect(rounds[0]).not.toHaveProperty('cursor');
  });

  it('halves the window after each failure that a smaller one may avoid, but stays longer than the overlap', async () => {
    server.answer((_, response) => void response.writeHead(504).end());
    const cursor = { [a]: { until: hoursAgo(30) } };
    const lengths = [];
    for (const failures of [0, 1, 2, 50]) {
      server.forget();
      const [round] = await run({ cursor, failures: { [a]: failures } }, 1);
      expect(round).toMatchObject({ failures: { [a]: Math.min(failures + 1, Math.max(failures, 7)) } });
      lengths.push((numberOf(server.requests()[0]?.url, 'before') - numberOf(server.requests()[0]?.url, 'since')) / HOUR);
    }
    expect(lengths).toEqual([24, 12, 6, 675 / 3600]);
  });

  it('lets windows grow again with each good one', async () => {
    server.answer((_, response) => send(response, []));
    const rounds = await run({ cursor: { [a]: { until: hoursAgo(45) } }, failures: { [a]: 2 } });
    const lengths = server.requests().map(({ url }) => (numberOf(url, 'before') - numberOf(url, 'since')) / HOUR);
    expect(lengths.slice(0, 3)).toEqual([6, 12, 24]);
    expect(rounds.at(-1)).toMatchObject({ failures: { [a]: 0 }, want_more: false });
  });

  it('gives up the shortest window after three damaged answers, each an interval apart, says so in the log, and goes on behind it', async () => {
    const until = hoursAgo(1);
    server.answer((_, response) => void response.end('<html>'));
    const state = { cursor: { [a]: { until } }, failures: { [a]: 9 } };
    const [failed, skipped] = await run(state, 2);
    const before = String(server.requests()[0]?.url.searchParams.get('before'));
    expect(server.requests()).toHaveLength(1);
    expect(failed).toMatchObject({ want_more: true, cursor: { [a]: { until } }, lost: { [a]: before } });
    const since = String(server.requests()[0]?.url.searchParams.get('since'));
    expect(failed?.events).toMatchObject({
      error: { message: expect.stringMatching(new RegExp(`<html>. This is given up: what lies between ${since} and ${before} is not collected$`)) as string },
    });
    expect(skipped).toMatchObject({ events: [{ _conf: { empty: true } }], cursor: { [a]: { until: before } }, failures: { [a]: 7 }, lost: { [a]: '' } });
    // An outage gives nothing up.
    server.answer((_, response) => void response.writeHead(502).end());
    expect((await run(state, 1))[0]).toMatchObject({ want_more: false, cursor: { [a]: { until } }, lost: {} });
  });

  it('waits as a 429 says, then asks for the same page', async () => {
    server.answer((_, response) => void response.writeHead(429, { 'retry-after': '7' }).end());
    const work = { scope: 0, page: 2, since: hoursAgo(2), before: hoursAgo(1), last: true };
    const [round] = await run({ work });
    expect(round).toMatchObject({ status_code: 429, header: { 'Retry-After': ['7'] }, events: [], want_more: false, work });
    server.answer((_, response) => void response.writeHead(429).end());
    expect((await run({}))[0]).toMatchObject({ header: { 'Retry-After': ['300'] } });
  });

  it('sends a token, or e-mail and key, and says who asks', async () => {
    server.answer((_, response) => send(response, []));
    await run({});
    await run({ api_token: undefined, auth_email: 'a@example.com', auth_key: 'key' });
    expect(server.requests().map(({ headers }) => headers.authorization)).toEqual(['Bearer secret', undefined]);
    expect(server.requests()[1]?.headers).toMatchObject({
      'x-auth-email': 'a@example.com',
      'x-auth-key': 'key',
      'user-agent': 'test',
      accept: 'application/json',
    });
  });
});
