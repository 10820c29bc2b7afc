import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { provideElasticsearch } from '../../../_dev/elasticsearch/provide-elasticsearch.ts';
import { type FakeDistribution, makeFakeDistribution } from './fake-distribution.ts';

const log = (): void => undefined;

function makeHome(script: string): FakeDistribution {
  const fake = makeFakeDistribution(script);
  onTestFinished(fake.remove);
  return fake;
}

/** A process that has ended but whose new parent has not noticed yet is not alive. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}

describe('an engine from ELASTICSEARCH_HOME', () => {
  it('is refused where the folder is no distribution', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-distribution-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const provided = provideElasticsearch({ env: { ELASTICSEARCH_HOME: folder }, ways: ['home'], log });
    await expect(provided).rejects.toThrow(`home: ${folder} is no unpacked Elasticsearch distribution`);
  });

  it('is refused where its version is another than the one asked for', async () => {
    const { home, env } = makeHome('exit 1');
    const provided = provideElasticsearch({ env: { ...env, DEV_ELASTICSEARCH_VERSION: '9.2.0' }, log });
    await expect(provided).rejects.toThrow(`ELASTICSEARCH_HOME=${home} is version 1.2.3, and 9.2.0 is wanted`);
  });

  it('says what the server said when it ends while starting, and leaves no folder', async () => {
    const { env, temporary } = makeHome('echo "no room for $ES_JAVA_OPTS" >&2; exit 3');
    const provided = provideElasticsearch({ env, heap: '7g', log });
    await expect(provided).rejects.toThrow('home: Elasticsearch ended while starting; its last lines:\n    no room for -Xms7g -Xmx7g');
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('gives up in time, and leaves neither process nor folder', async () => {
    const { env, temporary } = makeHome('echo $$ > "$STARTED"; echo waiting; exec sleep 600');
    const provided = provideElasticsearch({ env, startTimeoutMs: 700, log });
    await expect(provided).rejects.toThrow('home: Elasticsearch did not answer within 1 s; its last lines:\n    waiting');
    expect(isAlive(Number(readFileSync(env.STARTED ?? '', 'utf8')))).toBe(false);
    expect(readdirSync(temporary)).toEqual(['started']);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('leaves nothing when its parent gets %s while it starts', async (signal) => {
    const { env, temporary } = makeHome('echo $$ > "$STARTED"; exec sleep 600');
    const parent = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'start-engine.ts')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(parent, 'exit');
    await once(parent.stdout, 'data');
    const child = await readWhenWritten(env.STARTED ?? '');
    parent.kill(signal);
    expect((await ended)[0]).toBe(signal === 'SIGINT' ? 130 : 143);
    await expect.poll(() => isAlive(child)).toBe(false);
    expect(readdirSync(temporary).filter((name) => name.startsWith('elasticsearch-'))).toEqual([]);
  });
});

async function readWhenWritten(file: string): Promise<number> {
  const read = (): number => {
    try {
      return Number(readFileSync(file, 'utf8'));
    } catch {
      return 0;
    }
  };
  await expect.poll(read, { timeout: 10_000 }).toBeGreaterThan(0);
  return read();
}
