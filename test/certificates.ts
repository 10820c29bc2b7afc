import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Describe, toDescribe } from './skipping.ts';

/** Paths of PEM files, all of today. */
export interface Certificates {
  readonly folder: string;
  /** The authority that signed the others. */
  readonly authority: string;
  /** For 127.0.0.1. */
  readonly server: { readonly certificate: string; readonly key: string };
  /** Its subject is `client`. */
  readonly client: { readonly certificate: string; readonly key: string };
}

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** For tests that make certificates. */
export const describeTls: Describe = toDescribe(hasOpenssl() ? undefined : 'no certificates can be made. Enable: install the command openssl');

/** Makes an authority, a server certificate for 127.0.0.1 and a client certificate, in a folder of their own that the caller removes. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...curve, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=test authority');
  for (const name of ['server', 'client']) {
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:FALSE'];
    openssl('req', '-x509', ...curve, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-days', '2', '-subj', `/CN=${name}`, ...signed);
  }
  const pair = (name: string) => ({ certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) });
  return { folder, authority: join(folder, 'ca.pem'), server: pair('server'), client: pair('client') };
}
