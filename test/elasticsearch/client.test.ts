import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import { openElasticsearch } from '../../src/elasticsearch/client.ts';
import { ElasticsearchError, InterruptedError } from '../../src/errors.ts';
import type { ElasticsearchCredential } from '../../src/settings/settings.ts';
import { type StandInAnswer, startStandIn } from './stand-in.ts';
import { createGate, openClient } from './writing.ts';

const open: { readonly close: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const opened of open.splice(0).reverse()) {
    await opened.close();
  }
});

async function start(answer: () => StandInAnswer | Promise<StandInAnswer>, credential?: ElasticsearchCredential, timeoutMs?: number) {
  const standIn = await startStandIn(answer);
  open.push(standIn);
  const client = await openClient(standIn.url, credential, timeoutMs);
  open.push(client);
  return { standIn, client };
}

function ask(client: Elasticsearch, extra: Partial<Parameters<Elasticsearch['request']>[0]> = {}): Promise<unknown> {
  return client.request({ attempt: 'asking', method: 'GET', path: '/', ...extra }).catch((error: unknown) => error);
}

const ok = (): StandInAnswer => ({ status: 200, body: { ok: true } });

describe('openElasticsearch', () => {
  it.each<[string, ElasticsearchCredential, string | undefined]>([
    ['nothing', { kind: 'none' }, undefined],
    ['user and password', { kind: 'basic', username: 'u', password: 'pä' }, `Basic ${Buffer.from('u:pä').toString('base64')}`],
    ['an encoded API key', { kind: 'apiKey', apiKey: 'aWQ6a2V5' }, 'ApiKey aWQ6a2V5'],
    ['an API key as id:key', { kind: 'apiKey', apiKey: 'id:key' }, 'ApiKey aWQ6a2V5'],
  ])('authorizes with %s', async (_what, credential, header) => {
    const { client, standIn } = await start(ok, credential);
    expect(await ask(client)).toEqual({ status: 200, body: { ok: true } });
    expect(standIn.received[0]?.headers.authorization).toBe(header);
    expect(standIn.received[0]?.headers['user-agent']).toBe('cloudflare-integration/test');
  });

  it.each([
    [401, 'security_exception', false, /api_key/],
    [403, 'security_exception', false, /privileges/],
    [404, 'index_not_found_exception', false, /elasticsearch\.url/],
    [429, 'circuit_breaking_exception', true, /overloaded/],
    [503, 'master_not_discovered_exception', true, /health/],
  ])('makes an error of %i that tells what to do', async (status, type, retryable, hint) => {
    const { client } = await start(() => ({ status, body: { error: { type, reason: 'because' }, status } }), undefined, 30_000);
    const error = await ask(client, { retries: 0 });
    expect(error).toBeInstanceOf(ElasticsearchError);
    expect(error).toMatchObject({
      message: `asking: Elasticsearch answered ${status} (${type}: because)`,
      retryable,
      hint: expect.stringMatching(hint) as string,
    });
  });

  it('hands back refusals that the caller allows', async () => {
    const { client } = await start(() => ({ status: 404, body: { error: 'none' } }));
    expect(await ask(client, { allow: [404] })).toMatchObject({ status: 404 });
    expect(await ask(client, { allow: 'any' })).toMatchObject({ status: 404 });
    expect(await ask(client, { allow: [403] })).toBeInstanceOf(ElasticsearchError);
  });

  it('keeps credentials and bodies out of errors', async () => {
    const { client, standIn } = await start(() => 'reset', { kind: 'basic', username: 'u', password: 'hush-hush' });
    const lost = await ask(client, { body: { secret: 'event-data' }, method: 'POST', retries: 0 });
    await standIn.close();
    open.splice(0, 1);
    const closed = await ask(client, { retries: 0 });
    for (const error of [lost, closed]) {
      expect(error).toMatchObject({ code: 'ELASTICSEARCH', retryable: true, hint: expect.stringContaining('elasticsearch.url') as string });
      expect(inspect(error, { depth: 10 })).not.toMatch(/hush|aHVzaC|event-data|dTpodXNo/);
    }
  });

  it('shows the address without credentials', async () => {
    const client = await openClient('http://user:hush@127.0.0.1:1/prefix');
    open.push(client);
    expect(client.url).toBe('http://127.0.0.1:1/prefix');
    expect(String(await ask(client, { retries: 0 }))).toContain('asking: http://127.0.0.1:1/prefix could not be reached (connect ECONNREFUSED 127.0.0.1:1)');
  });

  it('finds the server again after it was away', async () => {
    let away = true;
    const { client } = await start(() => (away ? 'reset' : ok()));
    expect(await ask(client, { retries: 0 })).toBeInstanceOf(ElasticsearchError);
    away = false;
    expect(await ask(client, { retries: 0 })).toMatchObject({ status: 200 });
  });

  it('tells a service that is not Elasticsearch', async () => {
    const { createServer } = await import('node:http');
    const server = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const client = await openClient(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
    open.push({ close: async () => void server.close() }, client);
    expect(await ask(client)).toMatchObject({ message: expect.stringContaining('is not Elasticsearch') as string });
  });

  it('ends a request that gets no answer in time, or is interrupted', async () => {
    const { client } = await start(() => new Promise(() => {}), undefined, 1_000);
    expect(await ask(client, { retries: 0 })).toMatchObject({ message: expect.stringContaining('gave no answer in time') as string, retryable: true });
    const arrived = createGate();
    const second = await start(() => {
      arrived.open();
      return new Promise(() => {});
    });
    const controller = new AbortController();
    const asked = ask(second.client, { signal: controller.signal });
    await arrived.opened;
    controller.abort();
    expect(await asked).toBeInstanceOf(InterruptedError);
  });

  it('names the setting of a certificate file that cannot be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pem-'));
    await writeFile(join(folder, 'ca.pem'), '');
    const settings = { url: 'https://127.0.0.1:1', credential: { kind: 'none' as const }, pipeline: 'server' as const };
    const ssl = { certificateAuthorities: [join(folder, 'ca.pem')], certificate: join(folder, 'none.pem'), verification: 'full' as const };
    await expect(openElasticsearch({ ...settings, ssl }, { userAgent: 'x' })).rejects.toThrow(
      /none\.pem: cannot be read \(ENOENT\), but elasticsearch\.ssl\.certificate names it/,
    );
    await rm(folder, { recursive: true });
  });
});
