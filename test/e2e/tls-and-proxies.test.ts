import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import { openElasticsearch } from '../../src/elasticsearch/client.ts';
import { IntegrationError } from '../../src/errors.ts';
import { type Environment, findProxy } from '../../src/settings/find-proxy.ts';
import type { SslSettings } from '../../src/settings/settings.ts';
import { type Certificates, describeTls, makeCertificates } from '../certificates.ts';
import { connectionTo, createTiming } from '../cloudflare/sources.ts';
import { type ConnectProxy, startConnectProxy } from '../connect-proxy.ts';

interface Way {
  readonly ssl?: SslSettings;
  readonly proxyUrl?: string;
  readonly env?: Environment;
}

/** Asks something of a server; both sides are satisfied with the same answer. */
type Ask = (url: string, way?: Way) => Promise<unknown>;

const signal = new AbortController().signal;
const PASSWORD = 'hush hush/password';
const LOGIN = `user:${PASSWORD}`;
const unchecked: SslSettings = { certificateAuthorities: [], verification: 'full' };

const askCloudflare: Ask = async (url, { ssl = unchecked, proxyUrl, env = {} } = {}) => {
  const connection = connectionTo(`${url}/client/v4`, { ssl, ...(proxyUrl === undefined ? {} : { proxyUrl }) });
  const cloudflare = await openCloudflare(connection, { version: '0.1.0', timing: createTiming(), env });
  try {
    return await cloudflare.listAccounts(signal);
  } finally {
    await cloudflare.close();
  }
};

const askElasticsearch: Ask = async (url, { ssl = unchecked, proxyUrl, env = {} } = {}) => {
  const proxy = findProxy(url, proxyUrl, env);
  const settings = { url, credential: { kind: 'none' }, pipeline: 'server', ssl, ...(proxy === undefined ? {} : { proxyUrl: proxy }) } as const;
  const client = await openElasticsearch(settings, { userAgent: 'test' });
  try {
    return (await client.request<{ readonly result: unknown }>({ attempt: 'asking', method: 'GET', path: '/', retries: 0 })).body.result;
  } finally {
    await client.close();
  }
};

const legs: readonly (readonly [side: string, ask: Ask])[] = [
  ['Cloudflare', askCloudflare],
  ['Elasticsearch', askElasticsearch],
];

let certificates: Certificates;
const open: { readonly close: () => Promise<unknown> }[] = [];
/** Subjects of the client certificates that servers saw; undefined for none. */
const subjects: (string | undefined)[] = [];

const answer: RequestListener = (request, response) => {
  const socket = request.socket as Partial<TLSSocket>;
  const subject = socket.getPeerCertificate?.().subject?.CN;
  subjects.push(Array.isArray(subject) ? subject[0] : subject);
  response.writeHead(200, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }).end('{"success":true,"result":[]}');
};

async function listen(server: Server, scheme: string): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server whose certificate the test's authority signed. */
function startServer(options: ServerOptions = {}): Promise<string> {
  const { server, authority } = certificates;
  return listen(
    createServer({ key: readFileSync(server.key), cert: readFileSync(server.certificate), ca: readFileSync(authority), ...options }, answer),
    'https',
  );
}

async function startProxy(given: Parameters<typeof startConnectProxy>[0] = {}): Promise<ConnectProxy> {
  const proxy = await startConnectProxy(given);
  open.push(proxy);
  return proxy;
}

/** What a person and a log would see of a failure. */
async function failureOf(asked: Promise<unknown>): Promise<string> {
  const error = await asked.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(IntegrationError);
  const seen = `${inspect(error, { depth: 10, showHidden: true })}\n${(error as IntegrationError).hint}`;
  for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(LOGIN).toString('base64'), 'a-secret-token']) expect(seen).not.toContain(secret);
  return `${(error as IntegrationError).message}\n${(error as IntegrationError).hint}`;
}

const trusting = (): SslSettings => ({ certificateAuthorities: [certificates.authority], verification: 'full' });
const proxyTo = ({ host }: ConnectProxy, login = `user:${encodeURIComponent(PASSWORD)}@`): string => `http://${login}${host}`;

describeTls('TLS and proxies on both legs', () => {
  beforeAll(() => {
    certificates = makeCertificates();
  });

  afterAll(() => rmSync(certificates.folder, { recursive: true }));

  afterEach(async () => {
    for (const opened of open.splice(0).reverse()) await opened.close();
    subjects.length = 0;
  });

  it.each(legs)('%s: an authority of the settings is known, another is refused with the reason', async (_side, ask) => {
    const url = await startServer();
    expect(await ask(url, { ssl: trusting() })).toEqual([]);
    expect(await failureOf(ask(url))).toMatch(/certificate[\s\S]*\n.*(ssl\b|certificate_authorities)/);
    expect(await ask(url, { ssl: { ...unchecked, verification: 'none' } })).toEqual([]);
    expect(subjects).toHaveLength(2);
  });

  it.each(legs)('%s: a certificate for another host is refused', async (_side, ask) => {
    const url = (await startServer()).replace('127.0.0.1', 'localhost');
    expect(await failureOf(ask(url, { ssl: trusting() }))).toMatch(/(altnames|certificate's)/);
    expect(subjects).toEqual([]);
  });

  it.each(legs)('%s: a client certificate that is demanded is shown, and missed where there is none', async (_side, ask) => {
    const url = await startServer({ requestCert: true, rejectUnauthorized: true });
    const { certificate, key } = certificates.client;
    expect(await ask(url, { ssl: { ...trusting(), certificate, key } })).toEqual([]);
    expect(subjects).toEqual(['client']);
    expect(await failureOf(ask(url, { ssl: trusting() }))).toMatch(/\n.*certificate and key/);
    expect(subjects).toHaveLength(1);
  });

  it.each(legs)('%s: everything goes through a proxy of the settings, with its user and password', async (_side, ask) => {
    const [url, proxy] = [await startServer(), await startProxy({ login: LOGIN })];
    expect(await ask(url, { ssl: trusting(), proxyUrl: proxyTo(proxy) })).toEqual([]);
    expect([proxy.tunnels, subjects.length]).toEqual([[new URL(url).host], 1]);
  });

  it.each(legs)('%s: a client certificate reaches the server through a proxy', async (_side, ask) => {
    const [url, proxy] = [await startServer({ requestCert: true, rejectUnauthorized: true }), await startProxy()];
    const { certificate, key } = certificates.client;
    expect(await ask(url, { ssl: { ...trusting(), certificate, key }, proxyUrl: proxyTo(proxy, '') })).toEqual([]);
    expect([proxy.tunnels.length, subjects]).toEqual([1, ['client']]);
  });

  it.each(legs)('%s: a server behind a proxy is checked as well', async (_side, ask) => {
    const [url, proxy] = [await startServer(), await startProxy()];
    expect(await failureOf(ask(url, { proxyUrl: proxyTo(proxy, '') }))).toMatch(/certificate/);
    expect(subjects).toEqual([]);
  });

  it.each(legs)('%s: plain http goes through the proxy too', async (_side, ask) => {
    const [url, proxy] = [await listen(createPlainServer(answer), 'http'), await startProxy({ login: LOGIN })];
    expect(await ask(url, { proxyUrl: proxyTo(proxy) })).toEqual([]);
    expect(proxy.tunnels).toEqual([new URL(url).host]);
  });

  it.each(legs)('%s: a proxy that refuses is named, its password is not', async (_side, ask) => {
    const [url, proxy] = [await startServer(), await startProxy({ login: 'user:another' })];
    expect(await failureOf(ask(url, { ssl: trusting(), proxyUrl: proxyTo(proxy) }))).toMatch(/407[\s\S]*proxy_url/);
    expect(proxy.refused()).toBeGreaterThan(0);
    expect(subjects).toEqual([]);
  });

  it.each(legs)('%s: a proxy that is away is named, its password is not', async (_side, ask) => {
    const [url, proxy] = [await startServer(), await startProxy()];
    await proxy.close();
    open.pop();
    expect(await failureOf(ask(url, { ssl: trusting(), proxyUrl: proxyTo(proxy) }))).toMatch(/ECONNREFUSED/);
    expect(subjects).toEqual([]);
  });

  it.each(legs)('%s: a proxy that speaks TLS is checked by the same authorities', async (_side, ask) => {
    const { server } = certificates;
    const proxy = await startProxy({ login: LOGIN, tls: { key: readFileSync(server.key), cert: readFileSync(server.certificate) } });
    const url = await startServer();
    const proxyUrl = proxyTo(proxy).replace('http:', 'https:');
    expect(await ask(url, { ssl: trusting(), proxyUrl })).toEqual([]);
    expect(proxy.tunnels).toHaveLength(1);
    expect(await failureOf(ask(url, { proxyUrl }))).toMatch(/certificate/);
    expect(subjects).toHaveLength(1);
  });

  it.each(legs)('%s: the proxy of the environment counts, but for what no_proxy names', async (_side, ask) => {
    const [url, proxy] = [await startServer(), await startProxy({ login: LOGIN })];
    const env = { HTTPS_PROXY: proxyTo(proxy), HTTP_PROXY: 'http://127.0.0.1:9' };
    expect(await ask(url, { ssl: trusting(), env })).toEqual([]);
    expect(proxy.tunnels).toHaveLength(1);
    expect(await ask(url, { ssl: trusting(), env: { ...env, NO_PROXY: 'example.com, 127.0.0.1' } })).toEqual([]);
    expect([proxy.tunnels.length, subjects.length]).toEqual([1, 2]);
  });

  it.each(legs)('%s: no_proxy does not touch a proxy of the settings', async (_side, ask) => {
    const [url, proxy] = [await startServer(), await startProxy()];
    expect(await ask(url, { ssl: trusting(), proxyUrl: proxyTo(proxy, ''), env: { no_proxy: '*' } })).toEqual([]);
    expect(proxy.tunnels).toHaveLength(1);
  });
});
