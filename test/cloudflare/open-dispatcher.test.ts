import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import type { SslSettings } from '../../src/settings/settings.ts';
import { connectionTo, createTiming } from './sources.ts';

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'cloudflare-tls-'));
const pathOf = (name: string): string => join(folder, name);
const signal = new AbortController().signal;

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
}

/** An authority, a server certificate for 127.0.0.1 and a client certificate, all of today. */
function makeCertificates(): void {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...curve, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=test authority');
  for (const name of ['server', 'client']) {
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:FALSE'];
    openssl('req', '-x509', ...curve, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-days', '2', '-subj', `/CN=${name}`, ...signed);
  }
}

describe('openDispatcher', () => {
  it.each(['certificateAuthorities', 'certificate', 'key'])('says which file of %s cannot be read', async (setting) => {
    const missing = pathOf('missing.pem');
    const ssl = { certificateAuthorities: [], verification: 'full', [setting]: setting === 'certificateAuthorities' ? [missing] : missing } as SslSettings;
    const opening = openCloudflare(connectionTo('http://127.0.0.1:1', { ssl }), { version: '0.1.0' });
    await expect(opening).rejects.toMatchObject({ code: 'SETTINGS', message: expect.stringContaining(`${missing} cannot be read (ENOENT)`) });
  });
});

describe.skipIf(!hasOpenssl())('TLS (needs the command openssl)', () => {
  const subjects: (string | undefined)[] = [];
  let url = '';
  let close: () => Promise<unknown> = async () => undefined;

  beforeAll(async () => {
    makeCertificates();
    const [key, cert, ca] = ['server.key', 'server.pem', 'ca.pem'].map((name) => readFileSync(pathOf(name)));
    const server = createServer({ key, cert, ca, requestCert: true, rejectUnauthorized: false } as object, (request, response) => {
      const { authorized, getPeerCertificate } = request.socket as TLSSocket;
      subjects.push(authorized ? String(getPeerCertificate.call(request.socket).subject.CN) : undefined);
      response.end('{"success":true,"result":[]}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`;
    close = () => new Promise((resolve) => server.close(resolve));
  });

  afterAll(async () => {
    await close();
    rmSync(folder, { recursive: true });
  });

  async function list(ssl: SslSettings): Promise<unknown> {
    const cloudflare = await openCloudflare(connectionTo(url, { ssl }), { version: '0.1.0', timing: createTiming() });
    try {
      return await cloudflare.listAccounts(signal);
    } finally {
      await cloudflare.close();
    }
  }

  it('refuses an unknown authority, and says so', async () => {
    const refused = list({ certificateAuthorities: [], verification: 'full' });
    await expect(refused).rejects.toMatchObject({ act: 'retry', message: expect.stringMatching(/certificate/), hint: expect.stringContaining('ssl') });
  });

  it('knows an authority of the settings, and shows the client certificate', async () => {
    const authorities = { certificateAuthorities: [pathOf('ca.pem')], verification: 'full' } as const;
    expect(await list(authorities)).toEqual([]);
    expect(await list({ ...authorities, certificate: pathOf('client.pem'), key: pathOf('client.key') })).toEqual([]);
    expect(subjects.splice(0)).toEqual([undefined, 'client']);
  });

  it('checks no certificate where the settings say so', async () => {
    expect(await list({ certificateAuthorities: [], verification: 'none' })).toEqual([]);
  });
});
