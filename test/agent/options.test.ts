import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { expect, it, vi } from 'vitest';
import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import { describeTls, makeCertificates } from '../certificates.ts';
import { startConnectProxy } from '../connect-proxy.ts';
import { PLANTED, scanForSecrets } from '../scan-for-secrets.ts';
import { programOrSkip } from '../skipping.ts';
import type { Variables } from './agent-world.ts';
import { type FileAgent, type FileWorld, openFileWorld, type SentEvent } from './file-agent.ts';

const { path: program, describeProgram } = programOrSkip('FILEBEAT', 'Filebeat, by which Elastic Agent collects,');

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 240_000 });

const A = 'a'.repeat(32);
const [, globalKey] = DEMO_CREDENTIALS;

interface Collected {
  readonly agent: FileAgent;
  readonly events: readonly SentEvent[];
}

/** Collects two hours of audit logs with these variables, and looks at what came of it before all is removed. */
async function collect(
  variables: Variables,
  look: (collected: Collected, world: FileWorld) => Promise<void>,
  prepare: (agent: FileAgent) => Promise<void> = async () => {},
): Promise<void> {
  const world = await openFileWorld(program, { accounts: [{ id: A }] });
  try {
    const agent = await world.openAgent('audit', { initial_interval: '2h', ...variables });
    await prepare(agent);
    await agent.start();
    await agent.untilCursor((cursor) => A in cursor);
    await agent.stop();
    const events = await agent.readEvents();
    expect(events.length).toBeGreaterThan(50);
    await look({ agent, events }, world);
    const leaks = scanForSecrets({ folder: agent.folder, except: [join(agent.folder, 'filebeat.yml'), join(agent.folder, 'logs')] });
    expect([...leaks, ...scanForSecrets({ text: agent.log() })]).toEqual([]);
  } finally {
    await world.close();
  }
}

describeProgram('the form of Elastic Agent', () => {
  it('sends the wire form of the collector, with the tags of the form', async () => {
    await collect({ tags: ['forwarded', 'mine'], preserve_original_event: true }, async ({ agent, events }) => {
      const [event] = events;
      expect(event).toMatchObject({ _conf: { source: 'v1', account_id: A }, tags: ['forwarded', 'mine', 'preserve_original_event'], input: { type: 'cel' } });
      expect(event).toMatchObject({
        data_stream: { type: 'logs', dataset: 'cloudflare_api.audit', namespace: 'default' },
        event: { dataset: 'cloudflare_api.audit' },
      });
      expect(event).not.toHaveProperty('host');
      expect(agent.log()).toContain('request state');
    });
  });

  it('adds the host where the tag forwarded is taken away', async () => {
    await collect({ tags: ['mine'] }, async ({ events }) => {
      expect(events[0]).toMatchObject({ tags: ['mine'], host: { name: expect.any(String) as string } });
    });
  });

  it('takes e-mail and global key', async () => {
    await collect({ api_token: '', auth_email: globalKey.email, auth_key: globalKey.key }, async (_collected, world) => {
      expect(new Set(world.cloudflare.ledger.requests.map(({ status }) => status))).toEqual(new Set([200]));
    });
  });

  it('applies the processors of the form to every event, and after its own', async () => {
    const processors = '- add_fields:\n    target: labels\n    fields: {place: here}\n- drop_event:\n    when:\n      contains:\n        message: login\n';
    await collect({ processors }, async ({ events }, world) => {
      expect(events.every(({ labels }) => (labels as { readonly place?: string } | undefined)?.place === 'here')).toBe(true);
      expect(events.some(({ message }) => message.includes('login'))).toBe(false);
      const all = world.cloudflare.ledger.auditEvents(A, Date.now() - 7_000_000, Date.now() - 120_000);
      expect(all.some((event) => JSON.stringify(event).includes('login'))).toBe(true);
    });
  });

  it("traces requests with the credential beside the agent's own logs where it is asked to, and removes the traces when it is not any more", async () => {
    const trace = 'http-request-trace-cel-cloudflare_api.audit.ndjson';
    await collect({ enable_request_tracer: true }, async ({ agent }) => {
      const folder = join(agent.folder, 'logs', 'cel');
      expect(await readdir(folder)).toEqual([trace]);
      expect(await readFile(join(folder, trace), 'utf8')).toContain(`/accounts/${A}/audit_logs`);
      // What the form says of it: redacting ends at the log.
      expect(scanForSecrets({ folder })).not.toEqual([]);
    });
    await collect(
      { enable_request_tracer: false },
      async ({ agent }) => expect(await readdir(join(agent.folder, 'logs', 'cel'))).toEqual([]),
      async ({ folder }) => {
        await mkdir(join(folder, 'logs', 'cel'), { recursive: true });
        await writeFile(join(folder, 'logs', 'cel', trace), 'an old trace');
      },
    );
  });
});

/** Takes TLS off and hands on to a port. */
async function startTls(port: number, { certificate, key }: { readonly certificate: string; readonly key: string }): Promise<Server> {
  const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (socket) => {
    const onward = connect(port, '127.0.0.1');
    for (const end of [socket, onward]) end.on('error', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describeTls('TLS and a proxy', () => {
  describeProgram('of the form of Elastic Agent', () => {
    it('are used: the authority of ssl, the proxy of proxy_url with its login', async () => {
      const certificates = makeCertificates();
      const proxy = await startConnectProxy({ login: `agent:${PLANTED.proxyPassword}` });
      const world = await openFileWorld(program, { accounts: [{ id: A }] });
      const tls = await startTls(Number(new URL(world.cloudflare.url).port), certificates.server);
      try {
        const { port } = tls.address() as AddressInfo;
        const agent = await world.openAgent('audit', {
          api_url: `https://127.0.0.1:${port}/client/v4`,
          proxy_url: `http://agent:${encodeURIComponent(PLANTED.proxyPassword)}@${proxy.host}`,
          ssl: `certificate_authorities: ["${certificates.authority}"]`,
          initial_interval: '2h',
        });
        await agent.start();
        await agent.untilCursor((cursor) => A in cursor);
        await agent.stop();
        expect(new Set(proxy.tunnels)).toEqual(new Set([`127.0.0.1:${port}`]));
        expect(proxy.refused()).toBe(0);
        expect(scanForSecrets({ text: agent.log() })).toEqual([]);
      } finally {
        await world.close();
        await new Promise((resolve) => tls.close(resolve));
        await proxy.close();
        rmSync(certificates.folder, { recursive: true });
      }
    });
  });
});
