import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

import type { FuzzCase } from '../../_dev/fuzz/fuzz-stream.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { compileRunner } from '../../src/pipeline/local/compile-runner.ts';
import { engineOrSkip } from '../engines.ts';
import { differencesOf } from './differences.ts';
import { openServerRunner, type ServerRunner } from './server-runner.ts';

const { engine, describeEngine } = await engineOrSkip({ ingest: true });
const { streams } = await readDefinition('.');
const FOLDER = 'test/pipeline/fuzz-cases';
const NOW = new Date('2001-02-03T04:05:06.789Z');

describeEngine('events in which the backends once differed', () => {
  const servers = new Map<string, Promise<ServerRunner>>();
  afterAll(async () => {
    for (const server of servers.values()) await (await server).close();
  });

  it.each(readdirSync(FOLDER))('%s makes the same document in both', async (file) => {
    const found = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as FuzzCase;
    const stream = streams.find(({ name }) => name === found.stream);
    if (stream === undefined) throw new Error(`${file} is of a data stream that is not declared`);
    const server = servers.get(stream.name) ?? openServerRunner(engine, `test-fuzz-case-${stream.name}-${process.pid}`, stream);
    servers.set(stream.name, server);
    const [stored] = await (await server).run([found.event]);
    expect(differencesOf(stream, stored, compileRunner(stream)(found.event, NOW), NOW)).toEqual([]);
  });
});
