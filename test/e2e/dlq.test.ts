import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { takeStateLock } from '../../src/collect/state-lock.ts';
import { type StoredDeadLetter, toLetterLine } from '../../src/elasticsearch/dead-letter-line.ts';
import { send } from '../elasticsearch/engine-client.ts';
import { engineOrSkip } from '../engines.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { readStored } from './read-stored.ts';

const { engine, describeEngine } = await engineOrSkip({ ingest: true });

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const ACCOUNT = 'c3'.repeat(16);
const WHEN = '2026-11-20T10:00:00Z';

let scene: Scene;
let namespace: string;
let settings: string;
let path: string;
let nth = 0;

/** A letter of an audit event, under an id of its own. */
const toLetter = (id: string, given: Partial<StoredDeadLetter> = {}): StoredDeadLetter => ({
  time: '2026-11-21T00:00:00.000Z',
  connection: 'main',
  namespace,
  stream: 'audit',
  source: 'v1',
  scope_id: ACCOUNT,
  id,
  status: 400,
  reason: 'document_parsing_exception: [1:20] no long',
  raw: Buffer.from(JSON.stringify({ id, when: WHEN, action: { type: 'login', result: true } })),
  ...given,
});

const fill = (...letters: readonly StoredDeadLetter[]): Promise<void> => writeFile(path, Buffer.concat(letters.map(toLetterLine)));

async function dlq(...argv: readonly string[]) {
  const ended = await scene.run(['dlq', ...argv, '--json', '--config', settings]);
  return { exitCode: ended.exitCode, stderr: ended.stderr, said: ended.stdout === '' ? undefined : (JSON.parse(ended.stdout) as Record<string, unknown>) };
}

const readIds = async (stream = 'audit'): Promise<readonly string[]> =>
  (await readStored(engine, scene.dataStream(stream, namespace))).map(({ id }) => id).sort();

async function configure(deadLetters: object = {}): Promise<void> {
  const connections = [{ name: 'main', namespace, api_token: 'none-0000000000000000000000000000000000000', streams: { audit: { account_id: ACCOUNT } } }];
  settings = await scene.writeSettings(`${namespace}.yml`, { state: { path: `./state-${namespace}`, dead_letters: deadLetters }, connections });
}

describeEngine('dlq', () => {
  beforeAll(async () => {
    scene = await openScene(engine);
    await installScene(scene);
  });

  beforeEach(async () => {
    namespace = `dlq${++nth}`;
    const folder = join(scene.folder, `state-${namespace}`);
    path = join(folder, 'dead-letters.ndjson');
    await mkdir(folder);
    await configure();
  });

  afterAll(() => scene.close());

  it('lists nothing where there is nothing', async () => {
    expect(await dlq('list')).toEqual({ exitCode: 0, stderr: '', said: { total: 0, stored: 0, reasons: {}, letters: [] } });
    expect(await scene.run(['dlq', 'list', '--config', settings])).toMatchObject({ exitCode: 0, stdout: 'no dead letters\n' });
  });

  it('replays the file: what is stored leaves it, what fails again stays with its newest reason, a second replay stores nothing twice', async () => {
    const bad = toLetter('bad', { raw: Buffer.from([0x22, 0xff]), reason: 'an older reason' });
    await fill(toLetter('a'), bad, toLetter('b'), toLetter('gone', { stream: 'gateway' }));
    await appendFile(path, '{"time":"cut');
    expect((await dlq('list')).said).toMatchObject({ total: 4, stored: 0, letters: [{ id: 'a', places: ['file'] }, {}, {}, {}] });
    const first = await dlq('replay');
    expect(first).toMatchObject({ exitCode: 1, said: { created: 2, duplicate: 0, dropped: 0, remaining: 2 } });
    expect(await readIds()).toEqual(['a', 'b']);
    const left = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(left.pop()).toBe('{"time":"cut');
    expect(left.map((line) => JSON.parse(line))).toMatchObject([
      { id: 'bad', reason: expect.stringContaining('not valid UTF-8'), raw_base64: bad.raw.toString('base64') },
      { id: 'gone', reason: 'no data stream gateway is declared' },
    ]);
    expect(await dlq('replay')).toMatchObject({ exitCode: 1, said: { created: 0, duplicate: 0, remaining: 2 } });
    expect(await readIds()).toEqual(['a', 'b']);
  });

  it('finds what is stored already, also in an older backing index', async () => {
    await fill(toLetter('a'));
    await dlq('replay');
    await send(scene.client, 'POST', `/${scene.dataStream('audit', namespace)}/_rollover`);
    await fill(toLetter('a'), toLetter('a', { time: '2026-11-22T00:00:00.000Z' }), toLetter('b'));
    expect((await dlq('list')).said).toMatchObject({ total: 1, stored: 1, letters: [{ id: 'b' }] });
    expect(await dlq('replay')).toMatchObject({ exitCode: 0, said: { created: 1, duplicate: 1, remaining: 0 } });
    expect(await readIds()).toEqual(['a', 'b']);
    expect(await readFile(path, 'utf8')).toBe('');
  });

  it('replays only what is asked for, and nothing with --dry-run', async () => {
    await fill(toLetter('a'), toLetter('b'), toLetter('c'));
    expect((await dlq('replay', '--dry-run')).said).toMatchObject({ total: 3 });
    expect(await readIds()).toEqual([]);
    expect(await dlq('replay', '--id', 'a', 'c', '--stream', 'audit', '--connection', 'main')).toMatchObject({ exitCode: 0, said: { created: 2 } });
    expect(await readIds()).toEqual(['a', 'c']);
    expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength(1);
    expect(await dlq('replay', '--id', 'nobody')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no dead letter has such an id') });
  });

  it('leaves the file as it is while a collector uses it, but lists it', async () => {
    await fill(toLetter('a'));
    const lock = await takeStateLock(join(scene.folder, `state-${namespace}`), { pid: process.pid, isRunning: () => true });
    expect(await dlq('replay')).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/in use by process \d+\s+Stop the collector, replay/) });
    expect(await dlq('list')).toMatchObject({ exitCode: 0, said: { total: 1 } });
    await lock.release();
    expect(await dlq('replay')).toMatchObject({ exitCode: 0, said: { created: 1 } });
  });

  it('shows a table with a count for each reason', async () => {
    await fill(toLetter('a'), toLetter('b', { reason: 'document_parsing_exception: [1:377] no long' }), toLetter('c', { reason: 'something\nelse\u001b[2J' }));
    const { stdout } = await scene.run(['dlq', 'list', '--limit', '2', '--config', settings]);
    const lines = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
    expect(lines[0]).toEqual(['time', 'stream', 'id', 'reason', 'lies in']);
    expect(lines.slice(1, 3).map(([, , id]) => id)).toEqual(['b', 'c']);
    expect(stdout).toContain('1 older ones are not shown');
    expect(lines).toContainEqual(['2', 'document_parsing_exception: no long']);
    expect(stdout).not.toContain('\u001b');
  });

  it('lists the file where Elasticsearch does not answer', async () => {
    await fill(toLetter('a'));
    const connections = [{ name: 'main', namespace, api_token: 'none-0000000000000000000000000000000000000', streams: { audit: { account_id: ACCOUNT } } }];
    settings = await scene.writeSettings('unreachable.yml', {
      elasticsearch: { url: 'http://127.0.0.1:9' },
      state: { path: `./state-${namespace}` },
      connections,
    });
    expect(await dlq('list')).toMatchObject({ exitCode: 1, said: { total: 1 }, stderr: expect.stringContaining('only the file is listed') });
  });
});
