import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Checkpoint } from '../../src/collect/checkpoint.ts';
import { collectWindow } from '../../src/collect/collect-window.ts';
import type { CollectedRecord } from '../../src/collect/ports.ts';
import { openBulkWriter } from '../../src/elasticsearch/bulk-writer.ts';
import { openDeadLetters } from '../../src/elasticsearch/dead-letters.ts';
import { createServerEncode } from '../../src/elasticsearch/encode.ts';
import { readDeadLetters } from '../../src/elasticsearch/read-dead-letters.ts';
import { systemClock } from '../../src/elasticsearch/system-clock.ts';
import { toDescribe } from '../skipping.ts';
import { startStandIn, toBulkBody } from './stand-in.ts';
import { openClient, partition, toRecord } from './writing.ts';

const disk = mkdtempSync(join(tmpdir(), 'small-disk-'));

/** A disk of 64 KiB, or why there is none. */
function mount(): string | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'a small disk cannot be mounted here. Enable: run the tests as root on Linux';
  }
}

const reason = mount();

afterAll(() => {
  if (reason === undefined) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});

const path = join(disk, 'dead-letters.ndjson');
const window = { since: 0, before: 1_000 };

toDescribe(reason)('where the disk is full', () => {
  it('no checkpoint moves; when there is room again, every dead letter is kept', async () => {
    const letters = openDeadLetters(path, { now: () => new Date(0) });
    const standIn = await startStandIn(({ ids }) => ({ status: 200, body: toBulkBody(ids, () => ({ status: 400, error: { type: 'wrong', reason: 'no' } })) }));
    const client = await openClient(standIn.url);
    const openWriter = openBulkWriter({
      client,
      dataStreamOf: () => 'logs-p.s-n',
      encodeOf: () => createServerEncode({ conf: {}, tags: [] }),
      pipeline: 'server',
      deadLetters: letters,
      clock: systemClock,
    });
    const saved: Checkpoint[] = [];
    const collect = (records: readonly CollectedRecord[]) =>
      collectWindow(
        { partition, settles: window, read: window, pieceMs: 1_000, checkpoint: undefined, overlapMs: 0 },
        {
          read: async function* () {
            yield records;
          },
          openWriter,
          readGeneration: async () => undefined,
          findExisting: async () => new Set(),
          save: async (checkpoint) => void saved.push(checkpoint),
          writeGap: async () => {},
          report: { gap: () => {} },
        },
        new AbortController().signal,
      );
    const records = ['a', 'b', 'c'].map((id) => toRecord(id, `"${id.repeat(2_000)}"`));
    // A page is left: the first letter fits, the second ends in the middle.
    await writeFile(join(disk, 'ballast'), Buffer.alloc(60 * 1024));
    await expect(collect(records)).rejects.toThrow(/writing the dead letters to .*: ENOSPC/);
    expect((await stat(path)).size).toBe(4096);
    expect(saved.map(({ intent }) => intent === undefined)).toEqual([false]);
    await rm(join(disk, 'ballast'));
    expect((await collect(records)).outcomes).toEqual({ read: 3, created: 0, duplicate: 0, dead: 3, dropped: 0 });
    await letters.close();
    await client.close();
    await standIn.close();
    const kept: string[] = [];
    for await (const { id, raw } of readDeadLetters(path)) kept.push(`${id} ${raw.length}`);
    expect(new Set(kept)).toEqual(new Set(['a 2002', 'b 2002', 'c 2002']));
  });
});
