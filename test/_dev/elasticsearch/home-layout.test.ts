import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renderJvmOptions, renderNodeSettings } from '../../../_dev/elasticsearch/home-layout.ts';

const home = mkdtempSync(join(tmpdir(), 'home-layout-'));
afterAll(() => rmSync(home, { recursive: true }));

describe('the configuration of a throw-away node', () => {
  it('stays on loopback, lets the system choose ports and writes into its own folder', () => {
    const settings = renderNodeSettings(home, '/somewhere/node', false);
    expect(settings.split('\n')).toEqual(
      expect.arrayContaining(['http.host: 127.0.0.1', 'transport.host: 127.0.0.1', 'http.port: 0', 'transport.port: 0', 'path.data: "/somewhere/node/data"']),
    );
    expect(settings).not.toMatch(/xpack|ingest/);
  });

  it('names settings of modules that the distribution has', () => {
    mkdirSync(join(home, 'modules/x-pack-security'), { recursive: true });
    mkdirSync(join(home, 'modules/ingest-geoip'));
    expect(renderNodeSettings(home, '/node', true)).toContain('xpack.security.enabled: true\ningest.geoip.downloader.enabled: false\n');
    expect(renderNodeSettings(home, '/node', false)).toContain('xpack.security.enabled: false\n');
  });

  it('keeps Java from writing into the distribution', () => {
    const own =
      '-XX:+UseG1GC\n-XX:+HeapDumpOnOutOfMemoryError\n-XX:HeapDumpPath=data\n-XX:ErrorFile=logs/hs_err_pid%p.log\n-Xlog:gc*:file=logs/gc.log:utctime\n';
    expect(renderJvmOptions(own, '/node')).toBe('-XX:+UseG1GC\n-XX:ErrorFile=/node/logs/hs_err_pid%p.log\n');
  });
});
