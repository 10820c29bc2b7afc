import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readEvents } from '../../../_dev/bench/read-events.ts';
import { PipelineFault, readPipelines } from '../../../_dev/bench/read-pipelines.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bench-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Writes files into a new folder below the root. */
async function folderOf(path: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(root, path);
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

describe('readPipelines', () => {
  it('reads a folder and names it after package and data stream', async () => {
    const folder = await folderOf('packages/acme/1.2.3/data_stream/audit/elasticsearch/ingest_pipeline', {
      'default.yml': '---\nprocessors:\n  - set: {field: a, value: 1}\n',
    });
    expect(await readPipelines(folder, 'p')).toEqual({
      label: 'acme.audit',
      stream: 'audit',
      entry: 'p-default',
      pipelines: new Map([['p-default', '{"processors":[{"set":{"field":"a","value":1}}]}']]),
    });
  });

  it('resolves the pipelines that a pipeline calls, and stores them before it', async () => {
    const folder = await folderOf('source/acme/data_stream/http/elasticsearch/ingest_pipeline', {
      'default.yml': `processors:\n  - pipeline: {name: '{{ IngestPipeline "first" }}'}\n`,
      'first.yml': `processors:\n  - pipeline: {name: "{{IngestPipeline \\"second\\"}}"}\n`,
      'second.json': '{"processors":[]}',
      'unused.yml': 'processors: []\n',
    });
    const { label, pipelines } = await readPipelines(folder, 'p');
    expect(label).toBe('acme.http');
    expect([...pipelines]).toEqual([
      ['p-second', '{"processors":[]}'],
      ['p-first', '{"processors":[{"pipeline":{"name":"p-second"}}]}'],
      ['p-default', '{"processors":[{"pipeline":{"name":"p-first"}}]}'],
    ]);
  });

  it('takes the only pipeline of a folder, whatever its name', async () => {
    expect((await readPipelines(await folderOf('one', { 'x.yml': 'processors: []\n' }), 'p')).entry).toBe('p-x');
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['two', { 'a.yml': 'processors: []', 'b.yml': 'processors: []' }, 'holds 2 pipelines and none called default'],
    ['none', {}, 'holds 0 pipelines and none called default'],
    ['lost', { 'default.yml': `processors: [{pipeline: {name: '{{ IngestPipeline "gone" }}'}}]` }, 'default calls gone, which is not there'],
    ['broken', { 'default.yml': 'a: [' }, 'default.yml is no YAML'],
  ])('refuses folder %s', async (name, files, message) => {
    const reading = readPipelines(await folderOf(name, files), 'p');
    await expect(reading).rejects.toThrow(PipelineFault);
    await expect(reading).rejects.toThrow(message);
  });

  it('refuses a folder that is not there', async () => {
    await expect(readPipelines(join(root, 'nowhere'), 'p')).rejects.toThrow('there is no folder');
  });
});

describe('readEvents', () => {
  it('reads a record a line', async () => {
    const folder = await folderOf('events', { 'a.ndjson': '{"a":1}\r\n\n{"a":2}\n' });
    expect(await readEvents(join(folder, 'a.ndjson'), { source: 'v1' })).toEqual([
      { message: '{"a":1}', _conf: { source: 'v1' }, tags: ['forwarded'] },
      { message: '{"a":2}', _conf: { source: 'v1' }, tags: ['forwarded'] },
    ]);
  });

  it('reads fixtures as they stand', async () => {
    const folder = await folderOf('events', { 'b.json': '{"events":[{"message":"x"}]}' });
    expect(await readEvents(join(folder, 'b.json'), {})).toEqual([{ message: 'x' }]);
  });

  it('refuses a file that is empty or not there', async () => {
    const folder = await folderOf('events', { 'c.ndjson': '\n' });
    await expect(readEvents(join(folder, 'c.ndjson'), {})).rejects.toThrow('holds no events');
    await expect(readEvents(join(folder, 'd.ndjson'), {})).rejects.toThrow('neither a file that can be read nor a declared data stream');
  });
});
