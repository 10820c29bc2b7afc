import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { DEMO_API_KEY } from '../../_dev/kibana/options.ts';
import { type SimulatedKibana, startKibana } from '../../_dev/kibana/start-kibana.ts';
import { InterruptedError, KibanaError } from '../../src/errors.ts';
import { fetchVersion } from '../../src/kibana/fetch-version.ts';
import type { KibanaAccess } from '../../src/kibana/kibana-access.ts';
import { openKibana } from '../../src/kibana/open-kibana.ts';
import { describeTls, makeCertificates } from '../certificates.ts';
import { startConnectProxy } from '../connect-proxy.ts';

const NO_TLS = { certificateAuthorities: [], verification: 'full' } as const;

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function start(options: Parameters<typeof startKibana>[0] = {}): Promise<SimulatedKibana> {
  const kibana = await startKibana(options);
  closing.push(kibana.close);
  return kibana;
}

async function open(url: string, access: Partial<KibanaAccess> = {}): ReturnType<typeof openKibana> {
  const client = await openKibana({ url, credential: { kind: 'apiKey', apiKey: DEMO_API_KEY }, ssl: NO_TLS, ...access }, { userAgent: 'test/1.0.0' });
  closing.push(() => client.close());
  return client;
}

async function failure(promise: Promise<unknown>): Promise<KibanaError> {
  const error = await promise.then(() => undefined).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(KibanaError);
  return error as KibanaError;
}

describe('a connection to Kibana', () => {
  it.each(['8.19.3', '9.2.0'])('learns the version %s', async (version) => {
    const kibana = await start({ version });
    expect(await fetchVersion(await open(kibana.url))).toBe(version);
  });

  it('asks in its space', async () => {
    const kibana = await start({ spaces: ['ops'] });
    const client = await open(`${kibana.url}/`, { space: 'ops' });
    expect(client.url).toBe(`${kibana.url}/s/ops`);
    await client.request({ what: 'listing', method: 'GET', path: '/api/fleet/package_policies', query: { perPage: 5 } });
    expect(kibana.requests).toEqual([{ method: 'GET', path: '/s/ops/api/fleet/package_policies?perPage=5', status: 200 }]);
  });

  it('takes a key as id and key, or a user', async () => {
    const kibana = await start({
      credentials: [
        { kind: 'apiKey', encoded: Buffer.from('id:key').toString('base64') },
        { kind: 'basic', username: 'elastic', password: 'changeme' },
      ],
    });
    expect(await fetchVersion(await open(kibana.url, { credential: { kind: 'apiKey', apiKey: 'id:key' } }))).toBe('9.5.4');
    expect(await fetchVersion(await open(kibana.url, { credential: { kind: 'basic', username: 'elastic', password: 'changeme' } }))).toBe('9.5.4');
  });

  it('says that the credential is wrong, and does not show it', async () => {
    const kibana = await start();
    const client = await open(kibana.url, { credential: { kind: 'apiKey', apiKey: 'bm90OmtleQ==secret' } });
    const list = await failure(client.request({ what: 'listing', method: 'GET', path: '/api/fleet/package_policies' }));
    expect(list).toMatchObject({ reason: 'credential', status: 401, retryable: false });
    expect((await failure(fetchVersion(client))).reason).toBe('redacted');
    expect(`${list.message}${list.hint}`).not.toContain('bm90OmtleQ');
  });

  it('says which right is missing', async () => {
    const kibana = await start({ credentials: [{ kind: 'apiKey', encoded: DEMO_API_KEY, rights: 'none' }] });
    const error = await failure(
      (await open(kibana.url)).request({ what: 'listing', method: 'GET', path: '/api/fleet/package_policies', right: 'Fleet: Read' }),
    );
    expect(error.reason).toBe('right');
    expect(error.hint).toContain('Fleet: Read');
  });

  it('says that nobody answers', async () => {
    const kibana = await start();
    await kibana.close();
    const error = await failure(fetchVersion(await open(kibana.url)));
    expect(error).toMatchObject({ reason: 'network', retryable: true });
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.hint).toContain(kibana.url);
  });

  it('says that somebody else answers', async () => {
    const server = createServer((request, response) => response.end(request.url === '/json/api/status' ? '{"cluster_name":"x"}' : '<html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await failure(fetchVersion(await open(url)))).reason).toBe('no-json');
    expect((await failure(fetchVersion(await open(`${url}/json`)))).reason).toBe('no-kibana');
  });

  it('says that Kibana is unwell', async () => {
    const kibana = await start();
    kibana.setLevel('critical');
    const error = await failure(fetchVersion(await open(kibana.url)));
    expect(error).toMatchObject({ reason: 'starting', retryable: true });
    expect(error.message).toContain('Kibana is critical');
  });

  it('shows no secret, whatever Kibana says', async () => {
    const server = createServer((request, response) => {
      const message = `[request body.vars.api_token]: got ["tok\\"en-secret"], ${request.headers.authorization}`;
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ statusCode: 400, error: 'Bad Request', message }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const client = await openKibana(
      {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        credential: { kind: 'basic', username: 'elastic', password: 'pass-secret' },
        ssl: NO_TLS,
      },
      { userAgent: 'test/1.0.0', secrets: ['tok"en-secret'] },
    );
    closing.push(() => client.close());
    const error = await failure(client.request({ what: 'creating', method: 'POST', path: '/', body: {} }));
    expect(error.message).toContain('answered 400 ([request body.vars.api_token]: got ["[redacted]"], Basic [redacted])');
  });

  it('cuts what Kibana says, but not within a secret', async () => {
    const server = createServer((request, response) => {
      const message = `${'x'.repeat(request.url === '/long' ? 995 : 1)} abcdefghij: array size is [101], but cannot be greater than [100]`;
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = await openKibana({ url, credential: { kind: 'none' }, ssl: NO_TLS }, { userAgent: 'test/1.0.0', secrets: ['abcdefghij'] });
    closing.push(() => client.close());
    const error = await failure(client.request({ what: 'creating', method: 'POST', path: '/long', body: {} }));
    expect(error.message.endsWith('x [red)')).toBe(true);
    // What to do comes from the whole of it.
    expect(error.reason).toBe('too-many-values');
    expect((await failure(client.request({ what: 'creating', method: 'POST', path: '/', body: {} }))).message).toContain('(x [redacted]: array size');
  });

  it('goes through a proxy, and says when that refuses', async () => {
    const kibana = await start();
    const proxy = await startConnectProxy({ login: 'user:proxy-secret' });
    closing.push(proxy.close);
    expect(await fetchVersion(await open(kibana.url, { proxyUrl: `http://user:proxy-secret@${proxy.host}` }))).toBe('9.5.4');
    expect(proxy.tunnels).toEqual([new URL(kibana.url).host]);
    const error = await failure(fetchVersion(await open(kibana.url, { proxyUrl: `http://user:wrong-secret@${proxy.host}` })));
    expect(error).toMatchObject({ reason: 'proxy', retryable: false });
    expect(`${error.message}${error.hint}`).not.toContain('wrong-secret');
  });

  it('stops when it is told to', async () => {
    const kibana = await start();
    const client = await open(kibana.url);
    await expect(fetchVersion(client, AbortSignal.abort())).rejects.toBeInstanceOf(InterruptedError);
  });

  it('refuses an address that holds a credential', async () => {
    await expect(open('http://elastic:changeme@127.0.0.1:5601')).rejects.toThrow('the address holds a credential');
    await expect(open('127.0.0.1:5601')).rejects.toThrow('this is no http or https address');
  });
});

describeTls('a connection to a Kibana with TLS', () => {
  it('trusts the authority of the settings, shows its certificate, and says what is wrong without them', async () => {
    const certificates = makeCertificates();
    const { authority, client, folder, server } = certificates;
    const read = (path: string): Buffer => readFileSync(path);
    const tls = createTlsServer(
      { key: read(server.key), cert: read(server.certificate), ca: read(authority), requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        const known = (request.socket as TLSSocket).authorized;
        response.end(JSON.stringify({ version: { number: known ? '9.5.4' : '0.0.0' }, status: { overall: { level: 'available' } } }));
      },
    );
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => tls.close(resolve)));
    const url = `https://127.0.0.1:${(tls.address() as AddressInfo).port}`;
    const identity = { certificate: client.certificate, key: client.key };
    expect(await fetchVersion(await open(url, { ssl: { certificateAuthorities: [authority], verification: 'full', ...identity } }))).toBe('9.5.4');
    expect(await fetchVersion(await open(url, { ssl: { certificateAuthorities: [], verification: 'none' } }))).toBe('0.0.0');
    const error = await failure(fetchVersion(await open(url)));
    expect(error).toMatchObject({ reason: 'certificate', retryable: false });
    expect(error.hint).toContain('kibana.ssl.certificate_authorities');
    const missing = { certificateAuthorities: [join(folder, 'none.pem')], verification: 'full' } as const;
    await expect(open(url, { ssl: missing })).rejects.toThrow('cannot be read (ENOENT), but kibana.ssl.certificate_authorities names it');
    rmSync(folder, { recursive: true });
  });
});
