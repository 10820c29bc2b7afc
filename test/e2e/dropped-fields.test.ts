import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import { DEFAULT_FIELD_NAMES } from '../../_dev/cloudflare/logpull/fields.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import { engineOrSkip } from '../engines.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { readStored } from './read-stored.ts';

const { engine, describeEngine } = await engineOrSkip({});
const MINUTE = 60_000;
const ZONE = 'e5'.repeat(16);
const OFFERED = [...DEFAULT_FIELD_NAMES, 'ClientCountry', 'CacheCacheStatus'];
const from = Math.floor(Date.now() / MINUTE) * MINUTE - 70 * MINUTE;

let scene: Scene;
let cloudflare: SimulatedCloudflare;

/** Settings of one namespace; each call has a state of its own, so that all is read again. */
function writeSettings(file: string, fields: readonly string[]): Promise<string> {
  const streams = { logpull: { zone_id: [ZONE], initial_interval: '90m', fields } };
  return scene.writeSettings(file, {
    connections: [{ name: 'main', namespace: 'fields', api_url: cloudflare.url, api_token: DEMO_CREDENTIALS[0].token, streams }],
  });
}

async function collect(file: string): Promise<{ readonly created: number; readonly duplicate: number; readonly stderr: string }> {
  const ended = await scene.run(['collect', '--once', '--json', '--config', file]);
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
  const { streams } = JSON.parse(ended.stdout.trimEnd().split('\n').at(-1) ?? '') as { streams: { logpull: { created: number; duplicate: number } } };
  return { ...streams.logpull, stderr: ended.stderr };
}

describeEngine('fields that a zone does not offer', () => {
  beforeAll(async () => {
    scene = await openScene(engine);
    cloudflare = await startCloudflare({ limits: 'off', zones: [{ id: ZONE, fields: OFFERED, linesPerHour: 100, linesFrom: from }] });
    await installScene(scene);
  });
  afterAll(async () => {
    await scene.close();
    await cloudflare.close();
    expect(cloudflare.ledger.bugs).toEqual([]);
  });

  it('are a warning of check, which goes well', async () => {
    const ended = await scene.run(['check', '--config', await writeSettings('check.yml', ['default', 'ClientCountry', 'BotScore', 'JA4'])]);
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
    expect(ended.stdout).toMatch(/warn .*logpull received, zone e5e5\w+: the zone does not offer BotScore, JA4; these fields are not asked for/);
  });

  it('are left out with one warning for the partition, however many windows it reads; another choice of fields keeps the ids', async () => {
    const all = await collect(await writeSettings('all.yml', ['all']));
    expect(all.stderr.match(/does not offer/g)).toHaveLength(1);
    const windows = cloudflare.ledger.requests.filter(({ path, query }) => path.endsWith('/logs/received') && query.fields?.includes('ClientCountry'));
    expect(windows.length).toBeGreaterThan(2);
    for (const { query, status } of windows) expect([query.fields?.split(',').sort(), status]).toEqual([expect.arrayContaining([...DEFAULT_FIELD_NAMES]), 200]);
    const stored = await readStored(engine, scene.dataStream('logpull', 'fields'));
    expect(stored).toHaveLength(all.created);
    expect(all.created).toBeGreaterThan(50);

    const few = await collect(await writeSettings('few.yml', ['RayID', 'ClientCountry']));
    expect(few).toMatchObject({ created: expect.any(Number), stderr: expect.not.stringContaining('does not offer') });
    expect(few.duplicate).toBe(all.created);
  });
});
