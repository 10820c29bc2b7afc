import { once } from 'node:events';
import { get as httpGet } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ServedRequest } from '../../../_dev/cloudflare/ledger.ts';
import { FIELD_NAMES } from '../../../_dev/cloudflare/logpull/fields.ts';
import { getRaw } from './get-raw.ts';
import { HOUR, MINUTE, NOW, openWorld, TOKEN_HEADERS, toSearch, toTime, type World } from './open-world.ts';

const START = NOW - HOUR;
const WINDOW = { start: toTime(START), end: toTime(START + 10 * MINUTE) };
const busy = { zones: [{ linesPerHour: 36_000 }] };

async function refuse(world: World, query: Readonly<Record<string, string | number>>): Promise<string> {
  const { headers, status, text } = await world.get(`/zones/${world.zoneId}/logs/received?${toSearch(query)}`);
  expect([status, headers.get('content-type')]).toEqual([400, 'text/plain']);
  return text.trimEnd();
}

describe('a window', () => {
  it('holds exactly what the ledger says, also by unix seconds and nanoseconds', async () => {
    const world = await openWorld(busy);
    const expected = [...world.ledger.logpullLines(world.zoneId, START, START + 10 * MINUTE)];
    expect(expected).toHaveLength(6000);
    expect(await world.readLines(WINDOW)).toEqual(expected);
    expect(await world.readLines({ start: START / 1000, end: START / 1000 + 600 })).toEqual(expected);
    expect(await world.readLines({ start: `${START}000000`, end: `${START + 10 * MINUTE}000000` })).toEqual(expected);
  });

  it('is split by any other windows without a gap or an overlap', async () => {
    const world = await openWorld(busy);
    const edges = [0n, 1n, 999_999_999n, 60_123_456_789n, 60_123_456_790n, 299_999_999_999n, 600_000_000_000n].map(
      (offset) => BigInt(START) * 1_000_000n + offset,
    );
    const parts: string[] = [];
    for (const [index, end] of edges.slice(1).entries()) parts.push(...(await world.readLines({ start: String(edges[index]), end: String(end) })));
    const whole = await world.readLines(WINDOW);
    expect([...parts].sort()).toEqual([...whole].sort());
    expect(new Set(whole).size).toBe(whole.length);
  });

  it('goes by the time of receipt, so its lines are not sorted by their times', async () => {
    const world = await openWorld(busy);
    const starts = (await world.readLines({ ...WINDOW, fields: 'EdgeStartTimestamp' })).map((line) => BigInt(line.slice(line.indexOf(':') + 1, -1)));
    const backwards = starts.filter((start, index) => index > 0 && start < (starts[index - 1] as bigint));
    expect(backwards.length).toBeGreaterThan(1000);
    expect(starts.some((start) => start < BigInt(START - MINUTE) * 1_000_000n)).toBe(true);
    expect(starts.every((start) => start > 2n ** 53n)).toBe(true);
  });

  it('is an empty body where nothing was received', async () => {
    const world = await openWorld({ zones: [{ linesPerHour: 0 }] });
    const { status, text } = await world.get(`/zones/${world.zoneId}/logs/received?${toSearch(WINDOW)}`);
    expect([status, text]).toEqual([200, '']);
  });

  it('is compressed for who accepts that, and plain for others', async () => {
    const world = await openWorld(busy);
    const url = `${world.url}/zones/${world.zoneId}/logs/received?${toSearch(WINDOW)}`;
    const [gzip, plain] = [await getRaw(url, { ...TOKEN_HEADERS, 'accept-encoding': 'gzip' }), await getRaw(url, TOKEN_HEADERS)];
    expect([gzip.headers['content-encoding'], plain.headers['content-encoding']]).toEqual(['gzip', undefined]);
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
    expect(gzip.body.length).toBeLessThan(plain.body.length / 3);
  });

  it('is made only while it is read', async () => {
    const world = await openWorld({ zones: [{ linesPerHour: 15_000_000 }] });
    const served = new Promise<ServedRequest>((resolve) => world.ledger.onServed(resolve));
    const query = toSearch({ start: START / 1000 - 3600, end: START / 1000, fields: FIELD_NAMES.join() });
    const request = httpGet(`${world.url}/zones/${world.zoneId}/logs/received?${query}`, { headers: TOKEN_HEADERS, agent: false });
    const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
    await once(response, 'readable');
    response.destroy();
    const { complete, count, status } = await served;
    expect({ complete, status }).toEqual({ complete: false, status: 200 });
    expect(count).toBeLessThan(50_000);
  });
});

describe('what is refused', () => {
  it.each([
    [
      'a start that is too old',
      { start: toTime(NOW - 168 * HOUR - 1000), end: toTime(NOW - 168 * HOUR + MINUTE) },
      'too early: logs older than 168h0m0s are not available',
    ],
    ['an end that is too young', { start: toTime(START), end: toTime(NOW - MINUTE + 1000) }, 'too recent: minimum delay in serving logs is 1m0s'],
    ['a window above an hour', { start: toTime(START - 1000 * MINUTE), end: toTime(START) }, 'too long'],
    ['an end before its start', { start: toTime(START), end: toTime(START) }, 'start not before end'],
  ])('%s', async (_, query, reason) => {
    expect(await refuse(await openWorld(), query)).toBe(`bad query: error parsing time: invalid time range: ${reason}`);
  });

  it('times, fields and amounts that are none', async () => {
    const world = await openWorld();
    expect(await refuse(world, { ...WINDOW, start: 'x' })).toBe('bad query: error parsing start time: must be unix timestamp or rfc3339 string');
    expect(await refuse(world, { start: WINDOW.start })).toBe('bad query: error parsing end time: must be unix timestamp or rfc3339 string');
    expect(await refuse(world, { ...WINDOW, fields: 'RayID,Nonsense' })).toContain('unknown field: "Nonsense"');
    expect(await refuse(world, { ...WINDOW, timestamps: 'iso' })).toContain('timestamps');
    expect(await refuse(world, { ...WINDOW, count: 0 })).toContain('count');
    expect(await refuse(world, { ...WINDOW, sample: 2 })).toContain('sample');
  });

  it('a zone whose retention is off, until it is switched on', async () => {
    const world = await openWorld({ zones: [{ retention: false }] });
    const path = `/zones/${world.zoneId}/logs/control/retention/flag`;
    expect(await refuse(world, WINDOW)).toBe('Retention is not turned on. Please enable log retention');
    expect((await world.get(path)).text).toBe('{"errors":[],"messages":[],"result":{"flag":false},"success":true}');
    const changed = await fetch(world.url + path, { method: 'POST', headers: TOKEN_HEADERS, body: '{"flag":true}' });
    expect(await changed.json()).toMatchObject({ success: true, result: { flag: true } });
    expect(await world.readLines(WINDOW)).not.toHaveLength(0);
  });

  it('moves with the switch logpullMinDelayMs', async () => {
    const world = await openWorld({ switches: { logpullMinDelayMs: 5 * MINUTE } });
    const query = { start: toTime(NOW - 10 * MINUTE), end: toTime(NOW - 2 * MINUTE) };
    expect(await refuse(world, query)).toContain('too recent: minimum delay in serving logs is 5m0s');
    world.setSwitch('logpullMinDelayMs', MINUTE);
    expect(await world.readLines(query)).toHaveLength(480);
  });
});

describe('the form of lines', () => {
  it('has the documented default fields, or the fields that are asked for', async () => {
    const { readLines } = await openWorld();
    const names = async (query: Readonly<Record<string, string>>) => Object.keys(JSON.parse((await readLines({ ...WINDOW, ...query }))[0] as string) as object);
    expect(await names({})).toEqual([
      ...['ClientIP', 'ClientRequestHost', 'ClientRequestMethod', 'ClientRequestURI', 'EdgeEndTimestamp'],
      ...['EdgeResponseBytes', 'EdgeResponseStatus', 'EdgeStartTimestamp', 'RayID'],
    ]);
    expect(await names({ fields: 'ZoneName,RayID' })).toEqual(['ZoneName', 'RayID']);
  });

  it('offers three forms of time', async () => {
    const { readLines } = await openWorld();
    const first = async (timestamps: string) => (await readLines({ ...WINDOW, fields: 'EdgeStartTimestamp', timestamps }))[0] as string;
    const [nanos, seconds, text] = [await first('unixnano'), await first('unix'), await first('rfc3339')];
    expect(nanos).toMatch(/^\{"EdgeStartTimestamp":\d{19}\}$/);
    expect(seconds).toBe(`{"EdgeStartTimestamp":${nanos.slice(22, 32)}}`);
    expect(Date.parse((JSON.parse(text) as { readonly EdgeStartTimestamp: string }).EdgeStartTimestamp)).toBe(Number(nanos.slice(22, 32)) * 1000);
  });

  it('is JSON in all of its fields, with values that are hard to read', async () => {
    const world = await openWorld({ zones: [{ linesPerHour: 360_000 }] });
    const text = [...world.ledger.logpullLines(world.zoneId, START, START + MINUTE, { fields: FIELD_NAMES })];
    const lines = text.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(lines.every((line) => Object.keys(line).length === FIELD_NAMES.length)).toBe(true);
    const values = (name: string) => new Set(lines.map((line) => line[name]));
    expect([...values('ClientRequestUserAgent')]).toEqual(expect.arrayContaining(['x","RayID":"x', '']));
    expect([...values('EdgeServerIP')]).toContain('');
    expect([...values('OriginResponseStatus')]).toContain(0);
    expect([...values('ClientSSLProtocol')]).toContain('none');
    expect([...values('CacheCacheStatus')]).toEqual(expect.arrayContaining(['unknown', 'hit', 'dynamic']));
    expect([...values('EdgeResponseStatus')]).toEqual(expect.arrayContaining([200, 304, 403, 404, 499, 500, 522]));
    expect([...values('ClientCountry')]).toEqual(expect.arrayContaining(['us', 'gb', 'cn', '']));
    expect(text.some((line) => line.includes('/café/☃'))).toBe(true);
    expect(text.some((line) => line.includes('9007199254740993'))).toBe(true);
    for (const line of lines) {
      expect((line.SecurityActions as readonly unknown[]).length).toBe((line.SecurityRuleIDs as readonly unknown[]).length);
      expect((line.SecurityActions as readonly unknown[]).length).toBe((line.SecuritySources as readonly unknown[]).length);
    }
    const rays = lines.map((line) => line.RayID);
    expect(new Set(rays).size).toBeLessThan(rays.length);
  });

  it('draws addresses from documentation and test ranges alone', async () => {
    const world = await openWorld(busy);
    const ranges =
      /^(81\.2\.69\.(14[2-5]|19[2-9]|20[0-7])|89\.160\.20\.(11[2-9]|12\d|1[3-9]\d|2\d\d)|67\.43\.156\.\d+|175\.16\.199\.\d+|216\.160\.83\.(5[6-9]|6[0-3])|2a02:cf40:[0-9a-f:]+|1\.(1[2-5]\d)\.\d+\.\d+|)$/;
    for (const line of world.ledger.logpullLines(world.zoneId, START, START + 10 * MINUTE, { fields: ['ClientIP', 'OriginIP', 'EdgeServerIP'] })) {
      for (const address of Object.values(JSON.parse(line) as Readonly<Record<string, string>>)) expect(address).toMatch(ranges);
    }
  });

  it('mixes the order of keys and ends in CRLF where the switches say so', async () => {
    const world = await openWorld(busy);
    const plain = await world.readLines(WINDOW);
    world.setSwitch('shuffleKeys', true);
    world.setSwitch('crlf', true);
    const spoilt = await world.readLines(WINDOW);
    expect(spoilt.every((line) => line.endsWith('}\r'))).toBe(true);
    expect(spoilt.map((line) => JSON.parse(line) as unknown)).toEqual(plain.map((line) => JSON.parse(line) as unknown));
    expect(new Set(spoilt.map((line) => Object.keys(JSON.parse(line) as object).join())).size).toBeGreaterThan(1000);
    expect(await world.readLines(WINDOW)).toEqual(spoilt);
  });

  it('can be cut by count, sampled and made harmless', async () => {
    const world = await openWorld(busy);
    const all = await world.readLines(WINDOW);
    expect(await world.readLines({ ...WINDOW, count: 7 })).toEqual(all.slice(0, 7));
    const sampled = await world.readLines({ ...WINDOW, sample: 0.1 });
    expect(sampled.length).toBeGreaterThan(400);
    expect(sampled.length).toBeLessThan(800);
    expect(sampled.filter((line) => !all.includes(line))).toEqual([]);
    const harmless = await world.readLines({ ...WINDOW, 'CVE-2021-44228': 'true' });
    const injected = '$' + '{jndi';
    expect(all.some((line) => line.includes(injected))).toBe(true);
    expect(harmless.filter((line) => line.includes(injected))).toEqual([]);
  });
});

describe('beside the windows', () => {
  it('the fields of a zone are a flat object', async () => {
    const world = await openWorld({ zones: [{ fields: ['RayID', 'ClientIP'] }] });
    expect((await world.get(`/zones/${world.zoneId}/logs/received/fields`)).text).toBe('{"RayID":"ID of the request","ClientIP":"IP address of the client"}');
    expect(await refuse(world, { ...WINDOW, fields: 'BotScore' })).toContain('BotScore');
    expect(Object.keys(JSON.parse((await world.readLines(WINDOW))[0] as string) as object)).toEqual(['ClientIP', 'RayID']);
  });

  it('a ray id leads to all of its lines', async () => {
    const world = await openWorld({ zones: [{ linesPerHour: 72_000 }] });
    const byRay = new Map<string, string[]>();
    for (const line of await world.readLines(WINDOW)) {
      const { RayID: ray } = JSON.parse(line) as { readonly RayID: string };
      byRay.set(ray, [...(byRay.get(ray) ?? []), line]);
    }
    const twice = [...byRay].find(([, lines]) => lines.length === 2) as [string, string[]];
    for (const [ray, lines] of [twice, [...byRay][3] as [string, string[]]]) {
      expect((await world.get(`/zones/${world.zoneId}/logs/rayids/${ray}`)).text).toBe(lines.map((line) => `${line}\n`).join(''));
    }
    expect((await world.get(`/zones/${world.zoneId}/logs/rayids/0123456789abcdef`)).text).toBe('');
    expect((await world.get(`/zones/${world.zoneId}/logs/rayids/${twice[0]}-IAD`)).status).toBe(400);
  });
});
