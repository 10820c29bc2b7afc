import { describe, expect, it } from 'vitest';
import { planPast } from '../../src/collect/plan-past.ts';
import type { OnLost, Partition, Read, Window } from '../../src/collect/ports.ts';
import { type VerifiedRow, type VerifyPartitionPorts, verifyPartition } from '../../src/collect/verify-partition.ts';
import { type Dated, TooManyIds } from '../../src/collect/verify-window.ts';
import type { WindowDefinition } from '../../src/definition/definition.ts';
import { plan } from './life.ts';
import { toRefusal } from './trouble.ts';
import { DAY, HOUR, immutable, MINUTE, mutable, NOON } from './windows.ts';

const ASKED: Window = { since: NOON - 3 * DAY, before: NOON - DAY };
const signal = new AbortController().signal;

interface Given extends Dated {
  /** When Cloudflare received it. @default its time */
  readonly receivedMs?: number;
}

interface World {
  readonly definition?: WindowDefinition;
  readonly given: readonly Given[];
  readonly stored: readonly Dated[];
  readonly dead?: readonly string[];
  readonly dropped?: readonly string[];
  readonly refill?: boolean;
  readonly asked?: Window;
  /** Called for each reading; may throw. */
  readonly onRead?: (window: Window, count: number, onLost: OnLost | undefined) => void;
  /** Called for each listing; may throw. */
  readonly onList?: (window: Window) => void;
  readonly listed?: boolean;
}

interface Result {
  readonly rows: readonly VerifiedRow[];
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly unreadable: readonly Window[];
  readonly sent: readonly string[];
  readonly slept: readonly number[];
  readonly read: readonly Window[];
}

/** Verifies a partition of a world in memory. */
async function verify({ definition = mutable, asked = ASKED, ...world }: World): Promise<Result> {
  const stored = new Map(world.stored.map(({ id, timeMs }) => [id, timeMs]));
  const found = { missing: [] as string[], extra: [] as string[] };
  const [unreadable, sent, slept, read] = [[] as Window[], [] as string[], [] as number[], [] as Window[]];
  const readGiven: Read = async function* (_partition, window, _signal, onLost) {
    read.push(window);
    world.onRead?.(window, read.length, onLost);
    // Bounds are inclusive: what lies at the end is given as well.
    const records = world.given.filter(({ timeMs, receivedMs = timeMs }) => receivedMs >= window.since && receivedMs <= window.before);
    for (let at = 0; at < records.length; at += 3) yield records.slice(at, at + 3).map(({ id, timeMs }) => ({ id, timeMs, raw: Buffer.from('{}') }));
  };
  async function* list(window: Window): AsyncGenerator<readonly Dated[]> {
    world.onList?.(window);
    yield [...stored].flatMap(([id, timeMs]) => (timeMs >= window.since && timeMs < window.before ? [{ id, timeMs }] : []));
  }
  const times = new Map(world.given.map(({ id, timeMs }) => [id, timeMs]));
  const ports: VerifyPartitionPorts = {
    read: readGiven,
    listStored: (_partition, window) => (world.listed === false ? undefined : list(window)),
    findExisting: async (_partition, ids) => new Set(ids.filter((id) => stored.has(id))),
    findDead: async (_partition, ids) => new Set(ids.filter((id) => world.dead?.includes(id))),
    isDropped: (_partition, { id }) => world.dropped?.includes(id) === true,
    ...(world.refill && {
      openWriter: () => ({
        add: async (records) => {
          for (const { id } of records) {
            sent.push(id);
            stored.set(id, times.get(id) ?? 0);
          }
        },
        settle: async () => ({ read: sent.length, created: sent.length, duplicate: 0, dead: 0, dropped: 0 }),
        abandon: async () => {},
      }),
    }),
    now: () => NOON,
    random: () => 0,
    sleep: async (ms) => slept.push(ms),
    report: {
      finding: (kind, _partition: Partition, { id }) => found[kind].push(id),
      again: () => {},
      unreadable: (_partition, window) => unreadable.push(window),
    },
  };
  const { planned } = planPast(plan(definition), asked, NOON);
  if (planned === undefined) throw new Error('nothing is planned');
  const rows = await verifyPartition(planned, ports, signal);
  return { rows, ...found, unreadable, sent, slept, read };
}

const at = (hours: number, id = `h${hours}`): Dated => ({ id, timeMs: ASKED.since + hours * HOUR });
const hourly = Array.from({ length: 48 }, (_, hour) => at(hour));

function sum(rows: readonly VerifiedRow[]): Readonly<Record<string, number>> {
  const counts = ['given', 'stored', 'missing', 'extra', 'dropped', 'dead', 'refilled'] as const;
  return Object.fromEntries(counts.map((count) => [count, rows.reduce((total, row) => total + row[count], 0)]));
}

const NONE = { missing: 0, extra: 0, dropped: 0, dead: 0, refilled: 0 };

describe('verifyPartition', () => {
  it('finds all in its place, each event in one window though bounds are inclusive', async () => {
    const { rows, missing, extra } = await verify({ given: [...hourly, at(-1), at(48)], stored: [...hourly, at(-1)] });
    expect(rows.map(({ window, given, stored }) => [(window.since - ASKED.since) / HOUR, given, stored])).toEqual([
      [0, 24, 24],
      [24, 24, 24],
    ]);
    expect({ ...sum(rows), missing, extra }).toEqual({ given: 48, stored: 48, ...NONE, missing: [], extra: [] });
  });

  it('tells apart what is missing, extra, dropped and dead', async () => {
    const stored = [...hourly.filter((_event, index) => ![3, 9, 30, 31].includes(index)), at(5.5, 'x1'), at(40.5, 'x2')];
    const { rows, missing, extra, sent } = await verify({ given: hourly, stored, dead: ['h9'], dropped: ['h30'] });
    expect(sum(rows)).toEqual({ given: 48, stored: 44, missing: 2, extra: 2, dropped: 1, dead: 1, refilled: 0 });
    expect({ missing, extra, sent }).toEqual({ missing: ['h3', 'h31'], extra: ['x1', 'x2'], sent: [] });
    expect(rows.map((row) => [row.missing, row.extra])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('sends exactly what is missing with a refill, and compares again', async () => {
    const stored = hourly.filter((_event, index) => ![3, 9, 30, 31].includes(index));
    const { rows, missing, sent } = await verify({ given: hourly, stored, dead: ['h9'], dropped: ['h30'], refill: true });
    expect(sum(rows)).toEqual({ given: 48, stored: 46, missing: 0, extra: 0, dropped: 1, dead: 1, refilled: 2 });
    expect({ missing, sent }).toEqual({ missing: [], sent: ['h3', 'h31'] });
  });

  it('looks every id up where documents do not tell whose they are, and then knows of nothing extra', async () => {
    const { rows } = await verify({ given: hourly, stored: [...hourly.slice(1), at(5.5, 'x')], listed: false });
    expect(sum(rows)).toEqual({ given: 48, stored: 47, ...NONE, missing: 1 });
  });

  it('takes shorter windows where one holds too many ids, and longer ones again', async () => {
    const lengths: number[] = [];
    const onList = ({ since, before }: Window): void => {
      lengths.push((before - since) / HOUR);
      if (lengths.length <= 2) throw new TooManyIds();
    };
    const { rows } = await verify({ given: hourly, stored: hourly, onList });
    expect(lengths).toEqual([24, 12, 6, 12, 24, 6]);
    expect(sum(rows)).toEqual({ given: 48, stored: 48, ...NONE });
  });

  it('waits where Cloudflare asks for it, halves what is too full, and says what cannot be read', async () => {
    const errors = [toRefusal('wait', { status: 429, retryAfterMs: 7_000 }), toRefusal('split'), toRefusal('jump')];
    const onRead = (): void => {
      const error = errors.shift();
      if (error !== undefined) throw error;
    };
    const { rows, slept, unreadable } = await verify({ given: hourly, stored: hourly, onRead });
    expect(slept).toEqual([7_000]);
    expect(unreadable).toEqual([{ since: ASKED.since, before: ASKED.since + HOUR }]);
    expect(sum(rows)).toEqual({ given: 47, stored: 47, ...NONE });
  });

  it('says which second cannot be had whole, and calls nothing of it extra', async () => {
    const lost = { since: ASKED.since + 5 * HOUR, before: ASKED.since + 5 * HOUR + 1_000 };
    const { rows, unreadable } = await verify({
      given: hourly,
      stored: [...hourly, at(5.0001, 'x')],
      onRead: (_window, count, onLost) => count === 1 && onLost?.(lost, 'too many'),
    });
    expect(unreadable).toEqual([lost]);
    expect(sum(rows)).toEqual({ given: 48, stored: 48, ...NONE });
  });

  it('stops where somebody must act', async () => {
    const onRead = (): void => {
      throw toRefusal('pause', { status: 403 });
    };
    await expect(verify({ given: hourly, stored: [], onRead })).rejects.toMatchObject({ act: 'pause' });
  });

  it('finds what came to Cloudflare in a later window than its event, also behind the end', async () => {
    const late = (hours: number, id: string): Given => ({ ...at(hours, id), receivedMs: ASKED.since + hours * HOUR + 2 * MINUTE });
    const given = [late(0.99, 'a'), late(3.99, 'b'), late(47.99, 'c'), at(10.5)];
    const { rows, missing, extra, read } = await verify({ definition: immutable, given, stored: [...given, at(20.5, 'x'), at(47.995, 'y')] });
    expect({ missing, extra }).toEqual({ missing: [], extra: ['x', 'y'] });
    expect(sum(rows)).toMatchObject({ given: 3, stored: 3, missing: 0, extra: 2 });
    expect(rows.filter((row) => row.extra > 0).map(({ window }) => (window.since - ASKED.since) / HOUR)).toEqual([20, 47]);
    expect(read.at(-1)).toEqual({ since: ASKED.before, before: ASKED.before + HOUR });
  });

  it('calls nothing extra that may still come', async () => {
    const asked = { since: NOON - 3 * HOUR, before: NOON - 10 * MINUTE };
    const stored = [
      { id: 'old', timeMs: NOON - 2 * HOUR },
      { id: 'young', timeMs: NOON - 20 * MINUTE },
    ];
    expect(await verify({ definition: immutable, asked, given: [], stored })).toMatchObject({ extra: ['old'] });
  });
});
