import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { isObject } from '../../src/pipeline/value.ts';
import { engineOrSkip } from '../engines.ts';
import { toDatabase } from '../enrichment/to-database.ts';
import { openScene, type Scene } from './open-scene.ts';
import { ALL_STORED, openSmallWorld, type SmallWorld } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip({ ingest: true });

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** The simulated API has clients in this network. */
const LONDON = '81.2.69.0/24';

describeEngine('collecting at the edge', () => {
  let scene: Scene;
  let world: SmallWorld;
  beforeAll(async () => {
    scene = await openScene(engine, 'edge');
    await writeFile(join(scene.folder, 'city.mmdb'), toDatabase({ type: 'GeoLite2-City', networks: { [LONDON]: { city: { names: { en: 'London' } } } } }));
    await writeFile(join(scene.folder, 'asn.mmdb'), toDatabase({ type: 'GeoLite2-ASN', networks: { [LONDON]: { autonomous_system_number: 64_496 } } }));
  });
  afterAll(() => scene?.close());
  beforeEach(async () => {
    world = await openSmallWorld(scene);
  });
  afterEach(() => world?.close());

  /** Installs and collects once; resolves with what both wrote to stderr. */
  async function collect(elasticsearch: object): Promise<readonly [install: string, collect: string]> {
    const target = { url: engine.url, ...engine.credentials, ...elasticsearch };
    const file = await scene.writeSettings(`${world.namespace}.yml`, { elasticsearch: target, connections: [world.toConnection() as Record<string, unknown>] });
    const installed = await scene.run(['install', '--config', file]);
    expect(installed, installed.stderr).toMatchObject({ exitCode: 0 });
    const collected = await world.collect(file);
    expect(collected, collected.stderr).toMatchObject({ exitCode: 0 });
    return [installed.stderr, collected.stderr];
  }

  /** What the stored lines have in `source` and `user_agent`. */
  async function readLines() {
    const documents = (await world.readStream('logpull')).map(({ document }) => document);
    return documents.map(({ source, user_agent }) => ({ source: isObject(source) ? source : {}, agent: isObject(user_agent) ? user_agent : {} }));
  }

  it('fills places, networks and user agents from the databases, and has nothing to say of them', async () => {
    const written = await collect({ pipeline: 'edge', geoip: { city: './city.mmdb', asn: './asn.mmdb' } });
    for (const stderr of written) expect(stderr).not.toMatch(/leaves out|geoip/);
    expect(await world.compare()).toEqual(ALL_STORED);
    const lines = await readLines();
    const london = lines.filter(({ source }) => String(source.ip).startsWith('81.2.69.'));
    expect(london.length).toBeGreaterThan(0);
    for (const { source } of london) expect(source).toMatchObject({ geo: { city_name: 'London' }, as: { number: 64_496 } });
    for (const { source } of lines.filter((line) => !london.includes(line))) expect(source).not.toHaveProperty('geo');
    expect(lines.filter(({ agent }) => typeof agent.name === 'string').length).toBeGreaterThan(lines.length / 2);
  });

  it('says once what is left out without databases, and fills user agents all the same', async () => {
    for (const stderr of await collect({ pipeline: 'edge' })) {
      expect(stderr.match(/the edge leaves out source\.geo\.city_name, .*, source\.as\.organization\.name: name a MaxMind database/g)).toHaveLength(1);
    }
    expect(await world.compare()).toEqual(ALL_STORED);
    const lines = await readLines();
    expect(lines.filter(({ source }) => 'geo' in source || 'as' in source)).toEqual([]);
    expect(lines.filter(({ agent }) => typeof agent.name === 'string').length).toBeGreaterThan(lines.length / 2);
  });

  it('is where databases belong: with pipeline: server they are not read, and that is said', async () => {
    for (const stderr of await collect({ pipeline: 'server', geoip: { city: './not-there.mmdb' } })) {
      expect(stderr.match(/elasticsearch\.geoip serves preview alone: with pipeline: server/g)).toHaveLength(1);
      expect(stderr).not.toContain('leaves out');
    }
    expect(await world.compare()).toEqual(ALL_STORED);
  });
});
