import type { ConnectionSettings } from '../settings/settings.ts';

/** Removes a connection's secrets from a text. */
export type Redact = (text: string) => string;

const SHORTEST = 4;

/** Prepares the removal of every secret of a connection, also in the encoded forms that addresses and headers carry. */
export function openRedact({ credential, proxyUrl }: ConnectionSettings, envProxies: readonly string[] = []): Redact {
  const plain = [credential.kind === 'token' ? credential.token : credential.key, ...[proxyUrl ?? '', ...envProxies].flatMap(toProxySecrets)];
  const secrets = [...new Set(plain.flatMap((secret) => [secret, encodeURIComponent(secret)]))]
    .filter((secret) => secret.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
}

/** The password in a proxy's address, as it is, as the address spells it and as a header carries it; nothing where there is none. */
export function toProxySecrets(address: string): readonly string[] {
  if (!URL.canParse(address)) return [];
  const { username, password } = new URL(address);
  if (password === '') return [];
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return [decodeURIComponent(password), password, Buffer.from(login).toString('base64')];
}
