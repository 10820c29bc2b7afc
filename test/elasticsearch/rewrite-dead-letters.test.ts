import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toLetterKey, toLetterLine } from '../../src/elasticsearch/dead-letter-line.ts';
import { openDeadLetters } from '../../src/elasticsearch/dead-letters.ts';
import { readDeadLetters } from '../../src/elasticsearch/read-dead-letters.ts';
import { type Replay, rewriteDeadLetters } from '../../src/elasticsearch/rewrite-dead-letters.ts';
import { toLetter } from './letters.ts';
import { partition, toRecord } from './writing.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rewrite-'));
  path = join(folder, 'dead-letters.ndjson');
});

afterEach(() => rm(folder, { recursive: true }));

const all = () => true;
const storeAll: Replay = async () => new Map();

describe('the file of dead letters after a replay', () => {
  it('is as it was when the replay fails in the middle, and has no other file beside it', async () => {
    const letters = Array.from({ length: 2_500 }, (_, index) => toLetter(`r${index}`));
    await writeFile(path, Buffer.concat(letters.map(toLetterLine)));
    const before = await readFile(path);
    let batches = 0;
    const failing: Replay = async () => {
      batches += 1;
      if (batches === 2) throw new Error('killed');
      return new Map();
    };
    await expect(rewriteDeadLetters({ path, wants: all, replay: failing })).rejects.toThrow('killed');
    expect((await readFile(path)).equals(before)).toBe(true);
    expect(await readdir(folder)).toEqual(['dead-letters.ndjson']);
  });

  it('takes no notice of what a killed replay has left beside it', async () => {
    await writeFile(path, toLetterLine(toLetter('a')));
    await writeFile(`${path}.new`, toLetterLine(toLetter('half')));
    await rewriteDeadLetters({ path, wants: all, replay: async ([letter = toLetter('')]) => new Map([[toLetterKey(letter), { ...letter, reason: 'new' }]]) });
    expect(await readFile(path)).toEqual(toLetterLine(toLetter('a', { reason: 'new' })));
  });

  it('stays where another process writes it meanwhile', async () => {
    await writeFile(path, toLetterLine(toLetter('a')));
    const growing: Replay = async () => {
      await appendFile(path, toLetterLine(toLetter('b')));
      return new Map();
    };
    await expect(rewriteDeadLetters({ path, wants: all, replay: growing })).rejects.toThrow('has changed during the replay');
    expect(await readFile(path)).toEqual(Buffer.concat([toLetter('a'), toLetter('b')].map(toLetterLine)));
  });

  it('is not made where there is none', async () => {
    await rewriteDeadLetters({ path, wants: all, replay: storeAll });
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes the next letters of a collector that had the old one open', async () => {
    const letters = openDeadLetters(path, { now: () => new Date(0) });
    await letters.append({ partition, record: toRecord('a'), status: 400, reason: 'why' });
    await letters.flush();
    await rewriteDeadLetters({ path, wants: all, replay: storeAll });
    await letters.append({ partition, record: toRecord('b'), status: 400, reason: 'why' });
    await letters.flush();
    await letters.close();
    const ids: string[] = [];
    for await (const { id } of readDeadLetters(path)) ids.push(id);
    expect(ids).toEqual(['b']);
  });
});
