import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { type Fault, SettingsError } from '../errors.ts';
import type { SslSettings } from './settings.ts';

/** Options of a TLS connection, as Node.js takes them. */
export interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly ca?: (string | Buffer)[];
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** A file that cannot be read, and the key of `ssl` that names it. */
export interface UnreadFile {
  readonly path: string;
  readonly setting: 'certificate_authorities' | 'certificate' | 'key';
  /** Such as `ENOENT`. */
  readonly code: string;
}

/** Says where a file that cannot be read is named. */
export type SayUnread = (unread: UnreadFile) => Omit<Fault, 'hint'>;

/** For a section of the settings file that stands there once, such as `elasticsearch`. */
export function namedIn(section: string): SayUnread {
  return ({ code, path, setting }) => ({ file: path, path: '', message: `cannot be read (${code}), but ${section}.ssl.${setting} names it` });
}

/**
 * Reads the files of `ssl`.
 * @throws SettingsError when one cannot be read
 */
export async function readTls(ssl: SslSettings, say: SayUnread): Promise<TlsOptions> {
  const read = (path: string, setting: UnreadFile['setting']): Promise<Buffer> =>
    readFile(path).catch(({ code = 'unknown' }: NodeJS.ErrnoException) => {
      throw new SettingsError([{ ...say({ path, setting, code }), hint: 'Correct the path, or let this user read the file.' }]);
    });
  const ca = await Promise.all(ssl.certificateAuthorities.map((path) => read(path, 'certificate_authorities')));
  return {
    rejectUnauthorized: ssl.verification === 'full',
    ...(ca.length === 0 ? {} : { ca }),
    ...(ssl.certificate === undefined ? {} : { cert: await read(ssl.certificate, 'certificate') }),
    ...(ssl.key === undefined ? {} : { key: await read(ssl.key, 'key') }),
  };
}

/** An own authority, of a proxy for instance, comes beside the public ones, not instead of them. */
export function withPublicRoots({ ca, ...options }: TlsOptions): TlsOptions {
  return ca === undefined ? options : { ...options, ca: [...rootCertificates, ...ca] };
}
