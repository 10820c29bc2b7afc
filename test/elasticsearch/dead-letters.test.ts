import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredDeadLetter } from '../../src/elasticsearch/dead-letter-line.ts';
import { type DeadLetters, openDeadLetters } from '../../src/elasticsearch/dead-letters.ts';
import { readDeadLetters } from '../../src/elasticsearch/read-dead-letters.ts';
import { ElasticsearchError } from '../../src/errors.ts';
import { partition, toRecord } from './writing.ts';

let folder: string;
let path: string;
const open: DeadLetters[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dead-letters-'));
  path = join(folder, 'state', 'dead-letters.ndjson');
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((letters) => letters.close()));
  await rm(folder, { recursive: true });
});

function openFile(maxBytes?: number): DeadLetters {
  const letters = openDeadLetters(path, { now: () => new Date(0), ...(maxBytes === undefined ? {} : { maxBytes }) });
  open.push(letters);
  return letters;
}

async function readAll(): Promise<readonly StoredDeadLetter[]> {
  const letters: StoredDeadLetter[] = [];
  for await (const letter of readDeadLetters(path)) {
    letters.push(letter);
  }
  return letters;
}

describe('dead letters', () => {
  it('are read back byte for byte', async () => {
    const raws = [Buffer.from('{"a":"é\u2028\\n\u0000"}'), Buffer.from([0xff, 0x00, 0x0a]), Buffer.alloc(0), Buffer.from(`"${'漢'.repeat(50_000)}"`)];
    const letters = openFile();
    await Promise.all(raws.map((raw, index) => letters.append({ partition, record: { id: `r${index}`, timeMs: 0, raw }, status: 400, reason: 'why' })));
    await letters.flush();
    const stored = await readAll();
    expect(stored.map(({ raw }) => raw.equals(raws[stored.findIndex((letter) => letter.raw === raw)] as Buffer))).toEqual([true, true, true, true]);
    expect(stored[0]).toMatchObject({
      time: '1970-01-01T00:00:00.000Z',
      connection: 'main',
      namespace: 'n',
      stream: 's',
      source: 'v1',
      scope_id: 'a',
      id: 'r0',
      status: 400,
      reason: 'why',
    });
  });

  it('make no file as long as there are none, then one that only this user reads', async () => {
    const letters = openFile();
    await letters.flush();
    await expect(stat(path)).rejects.toThrow('ENOENT');
    await letters.append({ partition, record: toRecord('a'), status: 0, reason: 'why' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readAll()).toHaveLength(1);
  });

  it('are written once, also after the file was opened anew', async () => {
    const letter = { partition, record: toRecord('a'), status: 400, reason: 'why' };
    const first = openFile();
    await first.append(letter);
    await first.append(letter);
    await first.close();
    const second = openFile();
    await second.append(letter);
    await second.append({ ...letter, partition: { ...partition, namespace: 'other' } });
    expect((await readAll()).map(({ namespace }) => namespace)).toEqual(['n', 'other']);
  });

  it('survive a line that a crash cut short', async () => {
    const first = openFile();
    await first.append({ partition, record: toRecord('a'), status: 400, reason: 'why' });
    await first.close();
    await appendFile(path, '{"time":"19');
    const second = openFile();
    await second.append({ partition, record: toRecord('b'), status: 400, reason: 'why' });
    expect((await readAll()).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('refuse to outgrow their limit, counting what the file held before', async () => {
    const letter = { partition, record: toRecord('a'), status: 400, reason: 'why' };
    await openFile().append(letter);
    const { size } = await stat(path);
    const letters = openFile(size * 2);
    await letters.append({ ...letter, record: toRecord('b') });
    await expect(letters.append({ ...letter, record: toRecord('c') })).rejects.toThrow(ElasticsearchError);
    expect((await readFile(path)).length).toBe(size * 2);
  });

  it('name the file when it cannot be written', async () => {
    await appendFile(join(folder, 'state'), 'a file where the folder should be');
    await expect(openFile().append({ partition, record: toRecord('a'), status: 400, reason: 'why' })).rejects.toThrow(
      /writing the dead letters to .*dead-letters\.ndjson: (EEXIST|ENOTDIR)/,
    );
  });
});
