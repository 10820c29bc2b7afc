import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../src/collect/checkpoint.ts';
import { collectWindow, type WindowPorts, type WindowTask } from '../../src/collect/collect-window.ts';
import type { CollectedRecord, Window } from '../../src/collect/ports.ts';
import { createCluster } from './cluster.ts';
import { partition } from './small-world.ts';
import { MINUTE, NOON } from './windows.ts';

const signal = new AbortController().signal;

function toRecord(id: string, timeMs: number | undefined = NOON): CollectedRecord {
  return { id, timeMs, raw: Buffer.from('{}') };
}

/** A window of ten minutes before noon and five minutes of overlap. */
function toTask(checkpoint?: Checkpoint, more: Partial<WindowTask> = {}): WindowTask {
  const settles = { since: NOON - 10 * MINUTE, before: NOON };
  return { partition, settles, read: settles, pieceMs: Number.POSITIVE_INFINITY, checkpoint, overlapMs: 5 * MINUTE, ...more };
}

function toPorts(batches: readonly (readonly CollectedRecord[])[], more: Partial<WindowPorts> = {}): WindowPorts & { readonly saved: Checkpoint[] } {
  const cluster = createCluster();
  const saved: Checkpoint[] = [];
  return {
    read: async function* () {
      yield* batches;
    },
    openWriter: cluster.openWriter,
    readGeneration: cluster.readGeneration,
    findExisting: cluster.findExisting,
    save: async (checkpoint) => {
      saved.push(checkpoint);
    },
    saved,
    ...more,
  };
}

describe('collectWindow', () => {
  it('accounts for every record, also for those that the checkpoint knew and those that came twice', async () => {
    const batches = [
      [toRecord('a'), toRecord('known'), toRecord('dead-1')],
      [toRecord('a'), toRecord('drop-1'), toRecord('b')],
    ];
    const { outcomes } = await collectWindow(toTask({ until: NOON - 10 * MINUTE, remembered: [`${NOON - MINUTE} known`] }), toPorts(batches), signal);
    expect(outcomes).toEqual({ read: 6, created: 2, duplicate: 2, dead: 1, dropped: 1 });
  });

  it('saves the intent before the first record is sent, and the checkpoint after the last is settled', async () => {
    const order: string[] = [];
    const ports = toPorts([[toRecord('a', NOON - MINUTE)]]);
    const { save, openWriter } = ports;
    await collectWindow(
      toTask(),
      {
        ...ports,
        save: async (checkpoint) => {
          order.push(checkpoint.intent === undefined ? 'checkpoint' : 'intent');
          await save(checkpoint);
        },
        openWriter: (...given) => {
          const writer = openWriter(...given);
          return {
            ...writer,
            add: (records) => {
              order.push('send');
              return writer.add(records);
            },
            settle: () => {
              order.push('settle');
              return writer.settle();
            },
          };
        },
      },
      signal,
    );
    expect(order).toEqual(['intent', 'send', 'settle', 'checkpoint']);
    expect(ports.saved).toEqual([
      { until: NOON - 10 * MINUTE, remembered: [], intent: { window: { since: NOON - 10 * MINUTE, before: NOON } } },
      { until: NOON, remembered: [`${NOON - MINUTE} a`] },
    ]);
  });

  it('saves the checkpoint alone where there is nothing to send', async () => {
    const ports = toPorts([]);
    await collectWindow(toTask(), ports, signal);
    expect(ports.saved).toEqual([{ until: NOON, remembered: [] }]);
  });

  it('remembers what lies in the overlap, also what the source did not give this time, and what has no time', async () => {
    const known = [`${NOON - 6 * MINUTE} old`, `${NOON - 4 * MINUTE} silent`];
    const ports = toPorts([[toRecord('new', NOON - MINUTE), { ...toRecord('timeless'), timeMs: undefined }, toRecord('early', NOON - 5 * MINUTE - 1)]]);
    await collectWindow(toTask({ until: NOON - 10 * MINUTE, remembered: known }), ports, signal);
    expect(ports.saved.at(-1)?.remembered).toEqual([`${NOON - 4 * MINUTE} silent`, `${NOON - MINUTE} new`, `${NOON} timeless`]);
  });

  it('keeps the rest of a longer intent open, with its generation', async () => {
    const intent = { window: { since: NOON - 10 * MINUTE, before: NOON + 10 * MINUTE }, generation: 'backing-1' };
    const ports = toPorts([[toRecord('a')]]);
    await collectWindow(toTask({ until: NOON - 10 * MINUTE, remembered: [], intent }), ports, signal);
    expect(ports.saved.map((checkpoint) => checkpoint.intent)).toEqual([intent, { ...intent, window: { since: NOON, before: NOON + 10 * MINUTE } }]);
  });

  it('looks up every record of a window that was begun before, since the index may roll over at any time', async () => {
    const asked: string[][] = [];
    const intent = { window: { since: NOON - 10 * MINUTE, before: NOON }, generation: 'backing-1' };
    const ports = toPorts([[toRecord('a')], [toRecord('b')], [toRecord('c')]], {
      readGeneration: async () => 'backing-1',
      findExisting: async (_partition, ids) => {
        asked.push([...ids]);
        return new Set(['b']);
      },
    });
    const { outcomes } = await collectWindow(toTask({ until: NOON - 10 * MINUTE, remembered: [], intent }), ports, signal);
    expect(asked).toEqual([['a'], ['b'], ['c']]);
    expect(outcomes).toMatchObject({ read: 3, created: 2, duplicate: 1 });
  });

  it('asks in pieces, and takes what is in two of them once', async () => {
    const asked: Window[] = [];
    const ports = toPorts([], {
      read: async function* (_partition, window) {
        asked.push(window);
        yield [toRecord(`${window.since}`, window.since), toRecord(`${window.before}`, window.before)];
      },
    });
    const task = toTask(undefined, {
      settles: { since: NOON - 2 * MINUTE, before: NOON },
      read: { since: NOON - 7 * MINUTE, before: NOON },
      pieceMs: 3 * MINUTE,
    });
    const { outcomes } = await collectWindow(task, ports, signal);
    expect(asked).toEqual([
      { since: NOON - 7 * MINUTE, before: NOON - 4 * MINUTE },
      { since: NOON - 4 * MINUTE, before: NOON - MINUTE },
      { since: NOON - MINUTE, before: NOON },
    ]);
    expect(outcomes).toMatchObject({ read: 6, created: 4, duplicate: 2 });
  });

  it('gives up what is not yet sent where reading fails, and moves no checkpoint', async () => {
    let abandoned = 0;
    const ports = toPorts([], {
      read: async function* () {
        yield [toRecord('a')];
        throw new Error('cut');
      },
    });
    const openWriter: WindowPorts['openWriter'] = (...given) => ({
      ...ports.openWriter(...given),
      abandon: async () => {
        abandoned += 1;
        throw new Error('closed already');
      },
    });
    await expect(collectWindow(toTask(), { ...ports, openWriter }, signal)).rejects.toThrow('cut');
    expect(abandoned).toBe(1);
    expect(ports.saved.map(({ until }) => until)).toEqual([NOON - 10 * MINUTE]);
  });

  it('refuses outcomes that do not add up', async () => {
    const ports = toPorts([[toRecord('a')]]);
    const openWriter: WindowPorts['openWriter'] = (...given) => ({
      ...ports.openWriter(...given),
      settle: async () => ({ read: 1, created: 0, duplicate: 0, dead: 0, dropped: 0 }),
    });
    await expect(collectWindow(toTask(), { ...ports, openWriter }, signal)).rejects.toThrow('do not add up');
    expect(ports.saved.every(({ intent }) => intent !== undefined)).toBe(true);
  });
});
