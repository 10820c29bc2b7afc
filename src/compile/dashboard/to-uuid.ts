import { createHash } from 'node:crypto';

/** The namespace of URLs: https://www.rfc-editor.org/rfc/rfc9562#name-namespace-id-usage-and-allo */
const NAMESPACE = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

/** A UUID of version 5 for a path of names: the same names always have the same one, and no two paths share one. */
export function toUuid(...names: readonly string[]): string {
  const url = `urn:${names.map(encodeURIComponent).join('/')}`;
  const hash = createHash('sha1')
    .update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(url)
    .digest();
  const bytes = hash.subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
