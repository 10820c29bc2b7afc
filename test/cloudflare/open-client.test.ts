import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type Cloudflare, type CloudflareOptions, openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import { CloudflareError, InterruptedError } from '../../src/errors.ts';
import type { ConnectionSettings } from '../../src/settings/settings.ts';
import { connectionTo, createTiming, type TestTiming } from './sources.ts';
import { startProxy, type TestProxy } from './start-proxy.ts';
import { type Handle, sendJson, startServer, type TestServer } from './start-server.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Opened {
  readonly cloudflare: Cloudflare;
  readonly server: TestServer;
  readonly timing: TestTiming;
}

async function open(handle: Handle, more: Partial<ConnectionSettings> = {}, options: Partial<CloudflareOptions> = {}): Promise<Opened> {
  const server = await startServer(handle);
  const timing = createTiming();
  const cloudflare = await openCloudflare(connectionTo(server.url, more), { version: '0.1.0', timing, ...options });
  closing.push(() => cloudflare.close(), server.close);
  return { cloudflare, server, timing };
}

const signal = new AbortController().signal;
const NO_ACCOUNTS = { success: true, errors: [], messages: [], result: [] };

async function refusalOf(attempt: Promise<unknown>): Promise<CloudflareError> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CloudflareError)) throw new Error(`no CloudflareError but ${error}`);
  return error;
}

describe('the client', () => {
  it('names itself, asks for JSON, keeps the connection and sends one credential', async () => {
    const ports = new Set<number | undefined>();
    const { cloudflare, server } = await open((_request, response) => {
      ports.add(response.socket?.remotePort);
      sendJson(response, NO_ACCOUNTS);
    });
    for (let count = 0; count < 20; count += 1) await cloudflare.listAccounts(signal);
    const { headers } = server.requests[0] ?? {};
    expect(headers).toMatchObject({
      'user-agent': 'cloudflare-integration/0.1.0',
      accept: 'application/json',
      authorization: 'Bearer a-secret-token-of-forty-characters-000001',
    });
    expect(headers).not.toHaveProperty('x-auth-key');
    expect(ports.size).toBeLessThan(4);
  });

  it('sends e-mail and key without a token', async () => {
    const { cloudflare, server } = await open((_request, response) => sendJson(response, NO_ACCOUNTS), {
      credential: { kind: 'key', email: 'michelle@example.com', key: 'the-global-key' },
    });
    await cloudflare.listAccounts(signal);
    expect(server.requests[0]?.headers).toMatchObject({ 'x-auth-email': 'michelle@example.com', 'x-auth-key': 'the-global-key' });
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each([408, 409, 429, 500, 502, 520, 599])('sends the request again after %i, waiting longer each time', async (status) => {
    const { cloudflare, server, timing } = await open((_request, response, count) =>
      count < 3 ? response.writeHead(status).end() : sendJson(response, NO_ACCOUNTS),
    );
    expect(await cloudflare.listAccounts(signal)).toEqual([]);
    expect(server.requests).toHaveLength(4);
    expect(timing.slept).toEqual([437.5, 875, 1750]);
  });

  it('gives up after four attempts', async () => {
    const { cloudflare, server } = await open((_request, response) => response.writeHead(503, { 'cf-ray': '9a1b-IAD' }).end('down'));
    expect(await refusalOf(cloudflare.listAccounts(signal))).toMatchObject({ act: 'retry', status: 503, ray: '9a1b-IAD', retryable: true });
    expect(server.requests).toHaveLength(4);
  });

  it.each([400, 401, 403, 404, 422, 302])('sends nothing again after %i', async (status) => {
    const { cloudflare, server, timing } = await open((_request, response) => response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end());
    expect(await refusalOf(cloudflare.listAccounts(signal))).toMatchObject({ act: 'pause', status });
    expect(server.requests).toHaveLength(1);
    expect(timing.slept).toEqual([]);
  });

  it.each([
    ['in seconds', { 'retry-after': '7' }, 7_000],
    ['as a date', { 'retry-after': 'Fri, 20 Nov 2026 12:00:09 GMT' }, 9_000],
    ['by an exhausted rate limit', { ratelimit: '"default";r=0;t=5' }, 5_000],
    ['by both', { 'retry-after': '7', ratelimit: '"default";r=0;t=3' }, 7_000],
  ])('waits as long as it is asked to %s', async (_name, headers, asked) => {
    const { cloudflare, timing } = await open((_request, response, count) =>
      count === 0 ? response.writeHead(429, headers).end() : sendJson(response, NO_ACCOUNTS),
    );
    await cloudflare.listAccounts(signal);
    const slept = timing.slept.reduce((sum, ms) => sum + ms, 0);
    expect(slept).toBeGreaterThanOrEqual(asked);
    expect(slept).toBeLessThan(asked + 500);
  });

  it('hands a longer wait to the scheduler, and lets no other request go before it is over', async () => {
    const { cloudflare, server, timing } = await open((_request, response, count) =>
      count === 0 ? response.writeHead(429, { 'retry-after': '247' }).end() : sendJson(response, NO_ACCOUNTS),
    );
    expect(await refusalOf(cloudflare.listAccounts(signal))).toMatchObject({ act: 'wait', retryAfterMs: 247_000, retryable: true });
    expect(server.requests).toHaveLength(1);
    expect(cloudflare.budgetLeft()).toBe(0);
    await cloudflare.listZones(signal);
    expect(timing.slept).toEqual([247_000 + 2_500]);
  });

  it('waits after a good answer that leaves nothing of the rate limit', async () => {
    const { cloudflare, timing } = await open((_request, response) => {
      response.setHeader('ratelimit', '"default";r=0;t=30, "burst";r=9;t=90');
      sendJson(response, NO_ACCOUNTS);
    });
    await cloudflare.listAccounts(signal);
    await cloudflare.listZones(signal);
    expect(timing.slept).toEqual([30_000 + 1_500]);
  });

  it('sends the request again when the connection is lost, and a whole body that is cut', async () => {
    const handle: Handle = (_request, response, count) => {
      if (count === 0) response.destroy();
      else if (count === 1) response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(NO_ACCOUNTS)).subarray(0, -9));
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(NO_ACCOUNTS)));
    };
    const { cloudflare, server } = await open(handle);
    expect(await cloudflare.listAccounts(signal)).toEqual([]);
    expect(server.requests).toHaveLength(3);
  });

  it('says what was attempted where nothing answers', async () => {
    const { cloudflare, server } = await open(() => undefined);
    await server.close();
    const error = await refusalOf(cloudflare.listAccounts(signal));
    expect(error.message).toMatch(/^listing accounts: no answer from Cloudflare \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)$/);
    expect(error).toMatchObject({ act: 'retry', status: undefined, hint: expect.stringContaining('proxy_url') });
  });

  it('does not wait for ever for an answer', async () => {
    const { cloudflare, server } = await open((_request, response, count) => void (count > 0 && sendJson(response, NO_ACCOUNTS)), { timeoutMs: 50 });
    expect(await cloudflare.listAccounts(signal)).toEqual([]);
    expect(server.requests).toHaveLength(2);
  });

  it('reads no more of an error than it shows, and keeps secrets out of it', async () => {
    const token = 'a-secret-token-of-forty-characters-000001';
    const handle: Handle = (_request, response) => {
      response.writeHead(403);
      response.write(JSON.stringify({ errors: [{ code: 10000, message: `no ${token}` }] }).padEnd(70_000));
      // The body never ends: only who reads too much waits for it.
    };
    const { cloudflare } = await open(handle);
    const error = await refusalOf(cloudflare.listAccounts(signal));
    expect(error.message).toBe('listing accounts: Cloudflare answered 403 (10000 no [redacted])');
    expect(JSON.stringify([error, error.stack, String(error.cause)])).not.toContain(token);
  });

  it('can be interrupted before, while waiting and while reading', async () => {
    const aborted = AbortSignal.abort();
    const { cloudflare, server } = await open((_request, response) => sendJson(response, NO_ACCOUNTS));
    await expect(cloudflare.listAccounts(aborted)).rejects.toBeInstanceOf(InterruptedError);
    expect(server.requests).toHaveLength(0);
    const control = new AbortController();
    const silent = await open(() => control.abort());
    await expect(silent.cloudflare.listAccounts(control.signal)).rejects.toBeInstanceOf(InterruptedError);
    const during = new AbortController();
    const limited = await open(
      (_request, response) => response.writeHead(429, { 'retry-after': '50' }).end(),
      {},
      {
        timing: { ...createTiming(), sleep: async () => during.abort() },
      },
    );
    await expect(limited.cloudflare.listAccounts(during.signal)).rejects.toBeInstanceOf(InterruptedError);
  });
});

async function openProxy(): Promise<TestProxy> {
  const proxy = await startProxy();
  closing.push(proxy.close);
  return proxy;
}

describe('the proxy', () => {
  const handle: Handle = (_request, response) => sendJson(response, NO_ACCOUNTS);

  it('is that of the settings, whatever the environment says', async () => {
    const proxy = await openProxy();
    const env = { NO_PROXY: '*', HTTP_PROXY: 'http://127.0.0.1:1' };
    const { cloudflare, server } = await open(handle, { proxyUrl: `http://user:pass%20word@${proxy.url}` }, { env });
    await cloudflare.listAccounts(signal);
    expect(proxy.tunnels).toEqual([new URL(server.url).host]);
    expect(proxy.credentials).toEqual([`Basic ${Buffer.from('user:pass word').toString('base64')}`]);
  });

  it('is else that of the environment, with its exceptions', async () => {
    const proxy = await openProxy();
    const through = await open(handle, {}, { env: { HTTP_PROXY: `http://${proxy.url}` } });
    await through.cloudflare.listAccounts(signal);
    expect(proxy.tunnels).toHaveLength(1);
    const past = await open(handle, {}, { env: { http_proxy: `http://${proxy.url}`, no_proxy: 'example.com,127.0.0.1' } });
    await past.cloudflare.listAccounts(signal);
    expect(proxy.tunnels).toHaveLength(1);
  });

  it('never shows its password', async () => {
    const { cloudflare } = await open(handle, { proxyUrl: 'http://user:pass%20word@127.0.0.1:1' });
    const error = await refusalOf(cloudflare.listAccounts(signal));
    expect(error.message).toMatch(/^listing accounts: no answer from Cloudflare \(/);
    expect(JSON.stringify([error.message, error.stack, error.hint])).not.toMatch(/pass.{0,3}word/);
  });

  it('refuses an address that is none', async () => {
    await expect(open(handle, { proxyUrl: 'ftp//nowhere' })).rejects.toMatchObject({ code: 'SETTINGS', message: expect.stringContaining('proxy_url') });
  });
});
