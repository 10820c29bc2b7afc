import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EngineFailure } from './engine.ts';

/**
 * The version of an unpacked distribution, read from the name of its server library.
 *
 * @throws EngineFailure where the folder holds no distribution.
 */
export function readHomeVersion(home: string): string {
  const library = join(home, 'lib');
  const names = existsSync(library) && existsSync(join(home, 'bin/elasticsearch')) ? readdirSync(library) : [];
  for (const name of names) {
    const version = /^elasticsearch-(\d.*)\.jar$/.exec(name)?.[1];
    if (version !== undefined) {
      return version;
    }
  }
  throw new EngineFailure(`${home} is no unpacked Elasticsearch distribution (no bin/elasticsearch with lib/elasticsearch-VERSION.jar)`);
}

/**
 * The settings of a throw-away node: one node, loopback only, ports chosen by the system and written to `http.ports` in the log folder. A setting of a
 * module is named only where the distribution has the module, since Elasticsearch refuses unknown ones.
 */
export function renderNodeSettings(home: string, folder: string, security: boolean): string {
  const hasModule = (name: string): boolean => existsSync(join(home, 'modules', name));
  const lines = [
    'cluster.name: development',
    'discovery.type: single-node',
    'http.host: 127.0.0.1',
    'transport.host: 127.0.0.1',
    'http.port: 0',
    'transport.port: 0',
    'node.portsfile: true',
    'cluster.routing.allocation.disk.threshold_enabled: false',
    `path.data: ${JSON.stringify(join(folder, 'data'))}`,
    `path.logs: ${JSON.stringify(join(folder, 'logs'))}`,
  ];
  if (hasModule('x-pack-security')) {
    lines.push(`xpack.security.enabled: ${security}`);
  }
  if (hasModule('ingest-geoip')) {
    lines.push('ingest.geoip.downloader.enabled: false');
  }
  if (hasModule('x-pack-ml')) {
    lines.push('xpack.ml.enabled: false');
  }
  return `${lines.join('\n')}\n`;
}

/** The distribution's own options for Java, so that nothing is written into the distribution: no log of collections, no heap dump, a crash report into `logs`. */
export function renderJvmOptions(own: string, folder: string): string {
  const kept = own.split('\n').filter((line) => !/-Xlog:gc|-XX:[+]?HeapDump/.test(line));
  return kept.join('\n').replace(/-XX:ErrorFile=.*/g, `-XX:ErrorFile=${join(folder, 'logs/hs_err_pid%p.log')}`);
}
