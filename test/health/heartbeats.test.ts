import { describe, expect, it } from 'vitest';
import type { CollectedRecord, OpenWriter, Outcomes, Partition } from '../../src/collect/ports.ts';
import { createHeartbeats } from '../../src/health/heartbeats.ts';
import { minute, start } from '../collect/small-world.ts';
import { toRefusal } from '../collect/trouble.ts';
import { count, KEY, openBook, other, partition } from './small-book.ts';

const window = { since: start - 10 * minute, before: start - minute };
const never = new AbortController().signal;

interface Written {
  readonly target: Partition;
  readonly records: readonly CollectedRecord[];
}

function openBeating(intervalMs = 5 * minute) {
  const { book, clock } = openBook({ budgetLeft: () => 600 });
  const written: Written[] = [];
  const warnings: string[] = [];
  const elasticsearch = { settle: async (outcomes: Outcomes): Promise<Outcomes> => outcomes };
  const openWriter: OpenWriter = (target) => {
    const records: CollectedRecord[] = [];
    return {
      add: async (added) => void records.push(...added),
      settle: async () => {
        const outcomes = await elasticsearch.settle(count({ read: records.length, created: records.length }));
        written.push({ target, records });
        return outcomes;
      },
      abandon: async () => {},
    };
  };
  const sleeps: number[] = [];
  const stop = new AbortController();
  const heartbeats = createHeartbeats({
    book,
    openWriter,
    intervalMs,
    now: () => clock.now,
    sleep: async (ms) => {
      sleeps.push(ms);
      clock.now += ms;
      if (sleeps.length === 4) stop.abort();
    },
    version: '0.1.0',
    signal: never,
    warn: (message) => warnings.push(message),
  });
  return { book, clock, written, warnings, elasticsearch, heartbeats, sleeps, stop };
}

function read({ records }: Written): readonly Record<string, unknown>[] {
  return records.map(({ raw }) => JSON.parse(raw.toString()) as Record<string, unknown>);
}

describe('heartbeats', () => {
  it('say how each partition is and what was counted since the last one', async () => {
    const { book, clock, heartbeats, written } = openBeating();
    book.report.window(partition, window, count({ read: 5, created: 2, dropped: 3, droppedBy: { settings_read: 2, zones_read: 1 } }), start - 2 * minute);
    book.report.stopped(other('b'), toRefusal('pause', { status: 403 }), 'paused', start + 2 * minute);
    await heartbeats.send();
    clock.now += minute;
    book.report.window(partition, window, count({ read: 1, created: 1 }));
    await heartbeats.send();
    const [first, second] = written as [Written, Written];
    expect(first.target).toMatchObject({ connection: 'main', namespace: 'default', stream: 'collector', source: 'collector' });
    const base = { version: '0.1.0', instance: 'host-1/42', connection: 'main', stream: 'audit', source: 'v1', time: '2026-11-21T00:00:00.000Z' };
    const counts = { read: 5, created: 2, duplicate: 0, dead: 0, dropped: 3 };
    expect(read(first)).toEqual([
      {
        ...base,
        kind: 'heartbeat',
        scope_id: 'a',
        state: 'caught_up',
        lag_ms: minute,
        last_event: '2026-11-20T23:58:00.000Z',
        budget_left: 600,
        counts,
        message: 'audit has caught up, settled up to 60 s ago',
      },
      { ...base, kind: 'drop', scope_id: 'a', rule: 'settings_read', counts: { dropped: 2 }, message: 'audit: settings_read left out 2 events' },
      { ...base, kind: 'drop', scope_id: 'a', rule: 'zones_read', counts: { dropped: 1 }, message: 'audit: zones_read left out 1 event' },
      {
        ...base,
        kind: 'heartbeat',
        scope_id: 'b',
        state: 'paused',
        next_try: '2026-11-21T00:02:00.000Z',
        budget_left: 600,
        counts: count(),
        reason: 'Cloudflare answered 403: pause',
        message: 'audit is paused, nothing settled yet',
      },
    ]);
    expect(read(second).map(({ kind, scope_id, counts: told }) => [kind, scope_id, told])).toEqual([
      ['heartbeat', 'a', count({ read: 1, created: 1 })],
      ['heartbeat', 'b', count()],
    ]);
  });

  it('have ids that only kind, partition, collector, rule and time decide', async () => {
    const ids = async (instance: string): Promise<readonly string[]> => {
      const { book, heartbeats, written } = openBeating();
      const own = { ...book.report };
      own.window(partition, window, count({ read: 2 * instance.length, dropped: 2 * instance.length, droppedBy: { a: instance.length, b: instance.length } }));
      own.window(other('b'), window, count());
      await heartbeats.send();
      return (written[0] as Written).records.map(({ id }) => id);
    };
    const first = await ids('one');
    expect(new Set(first).size).toBe(4);
    expect(await ids('another')).toEqual(first);
    expect(first[0]).toMatch(new RegExp(`^1${start.toString(16).padStart(12, '0')}`));
  });

  it('keep their counts while Elasticsearch does not take them, and warn once', async () => {
    const { book, elasticsearch, heartbeats, warnings, written } = openBeating();
    elasticsearch.settle = async () => {
      throw new Error('down');
    };
    for (const round of [1, 2]) {
      book.report.window(partition, window, count({ read: round, created: round }));
      await heartbeats.send();
    }
    expect([warnings.length, written.length]).toEqual([1, 0]);
    elasticsearch.settle = async (outcomes) => outcomes;
    await heartbeats.send();
    expect(read(written[0] as Written)).toMatchObject([{ counts: { read: 3, created: 3 } }]);
    expect(book.get(KEY)).toMatchObject({ sinceBeat: count() });
  });

  it('end where Elasticsearch refuses one: each would be a dead letter more', async () => {
    const { book, elasticsearch, heartbeats, warnings, written } = openBeating();
    book.report.window(partition, window, count());
    elasticsearch.settle = async ({ read: all }) => count({ read: all, dead: all });
    await heartbeats.send();
    await heartbeats.send();
    expect([warnings.length, written.length]).toEqual([1, 1]);
  });

  it('come every interval, one writer for a connection and namespace', async () => {
    const { book, heartbeats, sleeps, stop, written } = openBeating(minute);
    for (const given of [{}, { namespace: 'other' }, { connection: 'second' }]) book.watch(other('a', given));
    book.watch(other('b'));
    await heartbeats.run(stop.signal);
    expect(sleeps).toEqual([minute, minute, minute, minute]);
    expect(written.slice(0, 3).map(({ target, records }) => [target.connection, target.namespace, records.length])).toEqual([
      ['main', 'default', 2],
      ['main', 'other', 1],
      ['second', 'default', 1],
    ]);
    expect(written).toHaveLength(9);
  });

  it('are switched off by an interval of 0', async () => {
    const { book, heartbeats, sleeps, written } = openBeating(0);
    book.watch(partition);
    await heartbeats.run(never);
    await heartbeats.send();
    expect([sleeps, written]).toEqual([[], []]);
  });
});
