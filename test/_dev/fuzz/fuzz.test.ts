import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { fuzz } from '../../../_dev/fuzz/fuzz.ts';
import type { FuzzCase } from '../../../_dev/fuzz/fuzz-stream.ts';
import { readDefinition } from '../../../src/definition/read-definition.ts';
import { lookedUpFields } from '../../../src/pipeline/looked-up-fields.ts';
import { engineOrSkip } from '../../engines.ts';

const { engine, describeEngine } = await engineOrSkip({ ingest: true });
const definition = await readDefinition('.');
const SEED = 20261121;
const MAY_DIFFER = [
  ...['city_name', 'continent_name', 'country_iso_code', 'country_name', 'location', 'region_iso_code', 'region_name'].map((leaf) => `source.geo.${leaf}`),
  ...['source.as.number', 'source.as.organization.name'],
  ...['name', 'version', 'device.name', 'os.name', 'os.version', 'os.full'].map((leaf) => `user_agent.${leaf}`),
];

describe('the fields in which the backends may differ', () => {
  it('are those of geo, as and user_agent that Elasticsearch looks up, and no other', () => {
    expect([...new Set(definition.streams.flatMap(lookedUpFields))].sort()).toEqual(MAY_DIFFER.toSorted());
  });
});

describeEngine('fuzz', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Runs the command with the run's engine. */
  async function run(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
    const { credentials } = engine;
    const url = credentials === undefined ? engine.url : engine.url.replace('://', `://${credentials.username}:${credentials.password}@`);
    const env = { ...process.env, DEV_ELASTICSEARCH: 'url', DEV_ELASTICSEARCH_URL: url };
    const child = spawn(process.execPath, ['--import', 'tsx', '_dev/fuzz/main.ts', '--out', folder, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number]>]);
    return { code, output };
  }

  it(`finds no difference in 2000 events of all data streams (seed ${SEED})`, async () => {
    const results = [];
    for await (const result of fuzz(engine, { project: '.', definition, streams: [], count: 2000, seed: SEED, plant: undefined })) results.push(result);
    expect(results.flatMap(({ cases }) => cases)).toEqual([]);
    expect(results.map(({ stream }) => stream)).toEqual(definition.streams.map(({ name }) => name));
    expect(results.reduce((sum, { events }) => sum + events, 0)).toBe(2000);
    // Were all of them marked as failed, or none, little would have been compared.
    for (const { events, failed } of results) expect(failed / events).toSatisfy((share: number) => share > 0.1 && share < 0.9);
  }, 180_000);

  it.each(['server', 'edge'])(
    'finds a fault planted in the backend %s, makes it small, keeps it and ends with 1',
    async (plant) => {
      const out = join(folder, plant);
      const { code, output } = await run('--count', '60', '--stream', 'audit', '--plant', plant, '--out', out);
      expect(output).toMatch(
        /\naudit: 60 events, \d+ of them marked as failed, \d+ left out, [1-9]\d* differences\n|^audit: 60 events, \d+ of them marked as failed, \d+ left out, [1-9]\d* differences\n/,
      );
      expect(output).toMatch(/\n60 events, [1-9]\d* differences \(seed 1, \d+ s\)\n$/);
      expect(code).toBe(1);
      const [file = ''] = await readdir(out);
      const found = JSON.parse(await readFile(join(out, file), 'utf8')) as FuzzCase;
      expect(found).toMatchObject({ stream: 'audit', differences: [expect.any(String)] });
      expect(JSON.stringify(found.event).length).toBeLessThan(120);
    },
    120_000,
  );

  it('ends with 0 where nothing differs, and with 2 where it is asked for what is not there', async () => {
    expect(await run('--count', '30', '--stream', 'collector')).toMatchObject({ code: 0, output: expect.stringContaining('30 events, 0 differences (seed 1') });
    expect((await run('--stream', 'nosuch')).code).toBe(2);
  }, 60_000);
});
