import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createBudget } from '../../src/cloudflare/budget.ts';
import { systemTiming } from '../../src/cloudflare/timing.ts';
import { SettingsError } from '../../src/errors.ts';
import { createRequestCounts } from '../../src/health/count-turns.ts';
import { type HealthServer, openHealthServer } from '../../src/health/health-server.ts';
import { openMetrics } from '../../src/health/metrics.ts';
import { STUCK_AFTER_MS } from '../../src/health/pulse.ts';
import { toReadiness } from '../../src/health/readiness.ts';
import { minute, start } from '../collect/small-world.ts';
import { toRefusal } from '../collect/trouble.ts';
import { count, openBook, other, partition } from './small-book.ts';

const window = { since: start - 10 * minute, before: start - 2 * minute };
const never = new AbortController().signal;
const open: HealthServer[] = [];

async function openScene() {
  const { book, clock } = openBook({ budgetLeft: () => 599, credentialExpiresMs: () => start + 5000 });
  const requests = createRequestCounts();
  const still = { ms: 0 };
  const server = await openHealthServer({
    address: { host: '127.0.0.1', port: 0 },
    file: 'settings.yml',
    sources: {
      metrics: openMetrics({ list: () => book.list(), requests, now: () => clock.now, version: '0.1.0', instance: 'host-1/42' }),
      readiness: () => toReadiness(book.list(), { now: clock.now, maxLagMs: 60 * minute }),
      pulse: { stillMs: () => still.ms },
    },
  });
  open.push(server);
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${server.url}${path}`, init);
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };
  return { ask, book, clock, requests, server, still };
}

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

describe('the health server', () => {
  it('answers /metrics in the form that Prometheus reads', async () => {
    const { ask, book, requests } = await openScene();
    book.report.window(
      partition,
      window,
      count({ read: 11, created: 3, duplicate: 1, dead: 2, dropped: 5, droppedBy: { settings_read: 4, 'ingest pipeline': 1 } }),
      start - 3 * minute,
    );
    book.report.gap(other('b'), window, 'too old');
    book.report.again(other('b'), toRefusal('wait'), 1000);
    book.report.stopped(other('b'), toRefusal('pause', { status: 403 }), 'paused', start + minute);
    const budget = requests.count('main', createBudget({ timing: systemTiming }));
    for (const kind of ['request', 'request'] as const) await budget.takeTurn({ kind }, never);
    const { status, text, type } = await ask('/metrics');
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    const a = 'connection="main",stream="audit",source="v1",scope="a"';
    const b = a.replace('scope="a"', 'scope="b"');
    const lines = text.split('\n').filter((line) => line.startsWith('cloudflare_collector_'));
    expect(lines).toEqual(
      expect.arrayContaining([
        'cloudflare_collector_info{version="0.1.0",instance="host-1/42"} 1',
        `cloudflare_collector_lag_seconds{${a}} 120`,
        `cloudflare_collector_last_event_timestamp_seconds{${a}} ${(start - 3 * minute) / 1000}`,
        `cloudflare_collector_records_total{${a},outcome="created"} 3`,
        `cloudflare_collector_records_total{${a},outcome="duplicate"} 1`,
        `cloudflare_collector_records_total{${a},outcome="dead"} 2`,
        `cloudflare_collector_dropped_records_total{${a},rule="settings_read"} 4`,
        `cloudflare_collector_dropped_records_total{${a},rule="ingest pipeline"} 1`,
        `cloudflare_collector_dead_letters_total{${a}} 2`,
        `cloudflare_collector_windows_total{${a}} 1`,
        `cloudflare_collector_gaps_total{${b}} 1`,
        `cloudflare_collector_retries_total{${b}} 1`,
        `cloudflare_collector_errors_total{${b},act="wait"} 1`,
        `cloudflare_collector_errors_total{${b},act="pause"} 1`,
        `cloudflare_collector_paused{${a}} 0`,
        `cloudflare_collector_paused{${b}} 1`,
        'cloudflare_collector_partitions{state="paused"} 1',
        'cloudflare_collector_partitions{state="caught_up"} 1',
        `cloudflare_collector_budget_left_requests{${a}} 599`,
        `cloudflare_collector_credential_expiry_timestamp_seconds{${a}} ${(start + 5000) / 1000}`,
        'cloudflare_collector_requests_total{connection="main",kind="request"} 2',
      ]),
    );
    const named = new Set(lines.map((line) => line.split(/[{ ]/)[0]));
    for (const name of named) expect(text).toMatch(new RegExp(`^# HELP ${name} \\S.*\\.$`, 'm'));
    expect(text).toContain('process_resident_memory_bytes');
    expect((await ask('/metrics')).text, 'a second scrape counts nothing twice').toContain(`cloudflare_collector_windows_total{${a}} 1\n`);
  });

  it('has every metric that the README builds rules on', async () => {
    const { ask } = await openScene();
    const { text } = await ask('/metrics');
    const named = new Set(readFileSync('README.md', 'utf8').match(/cloudflare_collector_\w+/g));
    expect(named.size).toBeGreaterThan(4);
    expect([...named].filter((name) => !text.includes(`# TYPE ${name} `))).toEqual([]);
  });

  it('answers /readyz by the lag', async () => {
    const { ask, book, clock } = await openScene();
    book.report.window(partition, window, count());
    expect(await ask('/readyz')).toMatchObject({ status: 200, type: 'application/json' });
    clock.now = start + 60 * minute;
    const { status, text } = await ask('/readyz');
    expect(status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({ ready: false, max_lag_seconds: 3600, late: 1, reasons: [{ scope_id: 'a', lag_seconds: 62 * 60 }] });
  });

  it('answers /livez by the pulse', async () => {
    const { ask, still } = await openScene();
    still.ms = STUCK_AFTER_MS - 1;
    expect(await ask('/livez')).toMatchObject({ status: 200 });
    still.ms = STUCK_AFTER_MS;
    expect(await ask('/livez')).toMatchObject({ status: 503, text: expect.stringContaining('nothing has moved for 900 s') });
  });

  it('answers nothing else, and changes nothing', async () => {
    const { ask } = await openScene();
    expect(await ask('/')).toMatchObject({ status: 404, text: expect.stringContaining('/metrics') });
    expect(await ask('/livez', { method: 'POST' })).toMatchObject({ status: 405 });
    expect(await ask('/livez?x=1', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  });

  it('says where its port is taken, and closes with connections open', async () => {
    const { ask, server } = await openScene();
    await ask('/livez');
    const port = Number(new URL(server.url).port);
    const again = openHealthServer({ address: { host: '127.0.0.1', port }, file: 'settings.yml', sources: {} as never });
    await expect(again).rejects.toThrow(SettingsError);
    await expect(again).rejects.toThrow(`settings.yml health.address: 127.0.0.1:${port} is in use by another program`);
    await open.pop()?.close();
    await expect(ask('/livez')).rejects.toThrow();
  });
});
