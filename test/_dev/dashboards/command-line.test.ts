import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../../_dev/dashboards/browser/find-chromium.ts';
import { readCommandLine } from '../../../_dev/dashboards/command-line.ts';
import { toPageName } from '../../../_dev/dashboards/write-pages.ts';

describe('npm run dashboards', () => {
  it('reads its options', () => {
    expect(readCommandLine([])).toEqual({ help: false, out: 'build/dashboards', pictures: undefined, hours: 6 });
    expect(readCommandLine(['--out', 'x', '--pictures', 'img', '--hours', '24'])).toEqual({ help: false, out: 'x', pictures: 'img', hours: 24 });
    expect(readCommandLine(['-h']).help).toBe(true);
  });

  it.each([['0'], ['1.5'], ['161'], ['day']])('refuses --hours %s', (hours) => {
    expect(() => readCommandLine(['--hours', hours])).toThrow(new RangeError(`--hours ${hours} is no whole number from 1 to 160`));
  });

  it('refuses an option that it does not know', () => {
    expect(() => readCommandLine(['--open'])).toThrow(TypeError);
  });

  it('names pages after dashboards', () => {
    expect(toPageName({ title: '[Logs Cloudflare API] Audit: who & what' })).toBe('audit-who-what');
  });
});

describe('Chromium', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chromium-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('is what CHROMIUM names, else the first on the path', async () => {
    const [onPath, named] = [join(folder, 'chromium'), join(folder, 'other')];
    await Promise.all([onPath, named].map((file) => writeFile(file, '')));
    expect(findChromium({ PATH: `/nowhere:${folder}` })).toBe(onPath);
    expect(findChromium({ PATH: folder, CHROMIUM: named })).toBe(named);
    expect(findChromium({ PATH: '/nowhere' })).toBeUndefined();
    expect(findChromium({})).toBeUndefined();
    expect(() => findChromium({ CHROMIUM: '/nowhere/chromium' })).toThrow(new RangeError('CHROMIUM=/nowhere/chromium does not exist'));
  });
});
