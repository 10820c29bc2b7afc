import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { DEMO_CREDENTIALS } from '../_dev/cloudflare/credentials.ts';

/** Secrets that stand in every process of the tests that runs the command line, by name. Some have characters that encodings change. */
export const PLANTED = {
  apiToken: DEMO_CREDENTIALS[0].token,
  globalKey: DEMO_CREDENTIALS[1].key,
  elasticsearchKey: 'planted-id:planted/Elasticsearch+key-03',
  proxyPassword: 'planted proxy/pass+word "04"',
} as const;

/** The planted secrets as environment. */
export const PLANTED_ENV: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(PLANTED).map(([name, secret]) => [`PLANTED_${name}`, secret]));

/** Where to look: a text, or a folder with all that is below it, but for some paths. Archives are looked into. */
export type Scanned = { readonly text: string } | { readonly folder: string; readonly except?: readonly string[] };

/** Finds secrets, as they are or encoded; each find names the place, the secret and the form, but does not show it. */
export function scanForSecrets(scanned: Scanned, secrets: Readonly<Record<string, string>> = PLANTED): readonly string[] {
  if ('text' in scanned) return scanText(scanned.text, 'text', secrets);
  const { folder, except = [] } = scanned;
  const isLeftOut = (path: string): boolean => except.some((left) => path === left || path.startsWith(left + sep));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).filter((path) => !isLeftOut(path));
  return paths.flatMap((path) => scanBytes(readFileSync(path), relative(folder, path), secrets));
}

function scanBytes(bytes: Buffer, where: string, secrets: Readonly<Record<string, string>>): readonly string[] {
  const inside = openArchive(bytes, where).flatMap(([name, content]) => scanBytes(content, name, secrets));
  return [...scanText(bytes.toString('latin1'), where, secrets), ...inside];
}

function openArchive(bytes: Buffer, where: string): readonly (readonly [name: string, content: Buffer])[] {
  const magic = bytes.subarray(0, 4).toString('hex');
  if (magic === '504b0304') return Object.entries(unzipSync(bytes)).map(([name, content]) => [`${where}!${name}`, Buffer.from(content)]);
  return magic.startsWith('1f8b') ? [[`${where}!`, gunzipSync(bytes)]] : [];
}

function scanText(text: string, where: string, secrets: Readonly<Record<string, string>>): readonly string[] {
  const lower = text.toLowerCase();
  return Object.entries(secrets).flatMap(([name, secret]) =>
    Object.entries(toForms(secret))
      .filter(([form, written]) => (form === 'plain' || !form.startsWith('base64') ? lower.includes(written.toLowerCase()) : text.includes(written)))
      .map(([form]) => `${where}: ${name}, ${form}`),
  );
}

/** A secret as programs write it. Base64 has three forms of each text, by the place where it begins. */
function toForms(secret: string): Readonly<Record<string, string>> {
  const base64 = [0, 1, 2].map((offset) => [`base64 at ${offset}`, toBase64(secret, offset)] as const);
  return {
    plain: secret,
    json: JSON.stringify(secret).slice(1, -1),
    url: encodeURIComponent(secret),
    form: new URLSearchParams({ a: secret }).toString().slice(2),
    hex: Buffer.from(secret).toString('hex'),
    ...Object.fromEntries(base64),
    ...Object.fromEntries(base64.map(([form, written]) => [`${form} for addresses`, written.replaceAll('+', '-').replaceAll('/', '_')])),
  };
}

/** The characters of base64 that depend on nothing before or behind the secret. */
function toBase64(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  return bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
}
