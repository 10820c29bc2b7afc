import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { benchPipelines } from '../../../_dev/bench/bench-pipelines.ts';
import { readCommandLine } from '../../../_dev/bench/command-line.ts';
import { askEngine } from '../../../_dev/elasticsearch/ask-engine.ts';
import { compilePipeline } from '../../../src/compile/compile-pipeline.ts';
import { readDefinition } from '../../../src/definition/read-definition.ts';
import { engineOrSkip } from '../../engines.ts';

const { engine, describeEngine } = await engineOrSkip({ ingest: true });
const definition = await readDefinition('.');

describeEngine('bench:pipeline', () => {
  let root = '';
  const folderOf = (stream: string, ...above: string[]): string => join(root, ...above, 'data_stream', stream, 'elasticsearch/ingest_pipeline');
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'bench-'));
    for (const stream of definition.streams.filter(({ sources }) => sources.length > 0)) {
      await mkdir(folderOf(stream.name, 'ours'), { recursive: true });
      await writeFile(join(folderOf(stream.name, 'ours'), 'default.yml'), compilePipeline(stream, definition));
    }
    await mkdir(folderOf('logpull', 'other'), { recursive: true });
    await writeFile(join(folderOf('logpull', 'other'), 'default.yml'), `processors: [{pipeline: {name: '{{ IngestPipeline "sub" }}'}}]`);
    await writeFile(join(folderOf('logpull', 'other'), 'sub.yml'), 'processors: [{set: {field: a, value: 1}}]');
    await mkdir(folderOf('logpull', 'failing'), { recursive: true });
    await writeFile(
      join(folderOf('logpull', 'failing'), 'default.yml'),
      'processors: [{fail: {message: no}}]\non_failure: [{set: {field: error.message, value: x}}]',
    );
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const logged: string[] = [];
  async function run(...args: string[]): Promise<string> {
    const lines: string[] = [];
    const options = readCommandLine([...args, '--count', '300', '--rounds', '2', '--warmup', '0']);
    await benchPipelines(engine, { options, definition, print: (line) => lines.push(line), log: (line) => logged.push(line) });
    return lines.join('\n');
  }

  it('measures ours and any other with the same events against the yardstick, and leaves nothing', async () => {
    const output = await run(folderOf('logpull', 'ours'), folderOf('logpull', 'other'), '--json');
    const results = JSON.parse(output) as { label: string; ratio: { median: number }; cpuUs: { median: number } }[];
    expect(results.map(({ label }) => label)).toEqual(['ours.logpull', 'other.logpull', 'yardstick']);
    const [ours, other, yardstick] = results.map(({ ratio }) => ratio.median) as [number, number, number];
    expect(yardstick).toBe(1);
    // Ours does what the yardstick does and more, the other one only sets a field.
    expect(ours).toBeGreaterThan(1);
    expect(other).toBeLessThan(1);
    expect(results.every(({ cpuUs }) => Number.isFinite(cpuUs.median))).toBe(true);
    const left = await askEngine(engine, { path: `/_ingest/pipeline/bench-pipeline-${process.pid}*` });
    expect(left.status).toBe(404);
  }, 120_000);

  it('prints a table, and what each processor costs', async () => {
    const output = await run(folderOf('audit', 'ours'), '--no-cpu', '--processors');
    expect(output).toMatch(/^\nEvents: audit\npipeline .* ratio/);
    expect(output).toMatch(/\nours\.audit +\d+\.\d \[/);
    expect(output).toMatch(/\njson:parse_record +\d+\.\d\d +600\n/);
  }, 60_000);

  it('warns of a pipeline that fails for the events', async () => {
    await run(folderOf('logpull', 'failing'), '--no-cpu');
    expect(logged).toContain('warning: failing.logpull fails for 100 of the first 100 events');
    expect(logged.filter((line) => line.includes('warning'))).toHaveLength(1);
  }, 60_000);

  it('wants to know the events of a folder outside a data stream', async () => {
    await mkdir(join(root, 'plain'), { recursive: true });
    await writeFile(join(root, 'plain', 'default.yml'), 'processors: []');
    await expect(run(join(root, 'plain'))).rejects.toThrow('name its events');
  });
});
