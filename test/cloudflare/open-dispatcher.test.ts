import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import type { SslSettings } from '../../src/settings/settings.ts';
import { connectionTo } from './sources.ts';

const folder = mkdtempSync(join(tmpdir(), 'cloudflare-tls-'));

afterAll(() => rmSync(folder, { recursive: true }));

describe('openDispatcher', () => {
  it.each(['certificateAuthorities', 'certificate', 'key'])('says which file of %s cannot be read', async (setting) => {
    const missing = join(folder, 'missing.pem');
    const ssl = { certificateAuthorities: [], verification: 'full', [setting]: setting === 'certificateAuthorities' ? [missing] : missing } as SslSettings;
    const opening = openCloudflare(connectionTo('http://127.0.0.1:1', { ssl }), { version: '0.1.0' });
    await expect(opening).rejects.toMatchObject({ code: 'SETTINGS', message: expect.stringContaining(`${missing} cannot be read (ENOENT)`) });
  });
});
