import type { SslSettings } from './settings.ts';
import type { SettingsPlace } from './to-settings.ts';

/** TLS options, their paths resolved; an empty path counts as none. */
export function toSsl(given: unknown, { resolvePath }: Pick<SettingsPlace, 'resolvePath'>): SslSettings {
  const ssl = (given ?? {}) as Readonly<Record<string, unknown>>;
  const certificate = text(ssl.certificate);
  const key = text(ssl.key);
  return {
    certificateAuthorities: ((ssl.certificate_authorities ?? []) as readonly string[]).map(resolvePath),
    ...(certificate === undefined ? {} : { certificate: resolvePath(certificate) }),
    ...(key === undefined ? {} : { key: resolvePath(key) }),
    verification: ssl.verification_mode === 'none' ? 'none' : 'full',
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
