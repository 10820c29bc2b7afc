import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PLANTED, PLANTED_ENV, scanForSecrets } from './scan-for-secrets.ts';

type Write = (secret: string) => string;

/** The ways in which a secret might get out. */
const ways: readonly (readonly [string, Write])[] = [
  ['as it is', (secret) => `token ${secret}.`],
  ['in other case', (secret) => secret.toUpperCase()],
  ['in JSON', (secret) => JSON.stringify({ secret })],
  ['in an address', (secret) => `http://user:${encodeURIComponent(secret)}@proxy`],
  ['in a form', (secret) => new URLSearchParams({ secret }).toString()],
  ['in base64', (secret) => Buffer.from(secret).toString('base64')],
  ['in base64 behind one character', (secret) => Buffer.from(`:${secret}`).toString('base64')],
  ['in base64 behind two characters, with something behind', (secret) => Buffer.from(`u:${secret}!!`).toString('base64')],
  ['in base64 for addresses', (secret) => Buffer.from(`user:${secret}?`).toString('base64url')],
  ['in hex', (secret) => Buffer.from(secret).toString('hex')],
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scan-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('scanForSecrets finds what is really there', () => {
  it.each(ways)('%s', (_way, write) => {
    for (const [name, secret] of Object.entries(PLANTED)) {
      const finds = scanForSecrets({ text: `before ${write(secret)} behind` });
      expect(finds.length, name).toBeGreaterThan(0);
      expect(finds.every((find) => find.startsWith(`text: ${name}, `))).toBe(true);
      expect(scanForSecrets({ text: `before ${write(secret.slice(0, -3))} behind` })).toEqual([]);
    }
  });

  it.each<[string, (content: Buffer) => Buffer]>([
    ['a file', (content) => content],
    ['a compressed file', (content) => gzipSync(content)],
    ['a zip', (content) => Buffer.from(zipSync({ 'inner/file.txt': content }))],
    ['a file beside bytes that are no text', (content) => Buffer.concat([Buffer.from([0, 255, 128, 195]), content])],
  ])('in %s below a folder', (_what, wrap) => {
    mkdirSync(join(folder, 'deep/er'), { recursive: true });
    writeFileSync(join(folder, 'deep/er/some'), wrap(Buffer.from(`x ${PLANTED.globalKey} y`)));
    expect(scanForSecrets({ folder }).join()).toMatch(/^deep\/er\/some.*: globalKey, plain/);
    expect(scanForSecrets({ folder, except: [join(folder, 'deep')] })).toEqual([]);
  });

  it('in the environment that tests give', () => {
    expect(scanForSecrets({ text: JSON.stringify(PLANTED_ENV) }).length).toBeGreaterThanOrEqual(Object.keys(PLANTED).length);
  });

  it('and nothing where nothing is', () => {
    writeFileSync(join(folder, 'some'), 'planted but not here');
    expect([scanForSecrets({ folder }), scanForSecrets({ text: '' })]).toEqual([[], []]);
  });
});
