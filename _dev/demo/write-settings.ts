import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import type { ProvidedElasticsearch } from '../elasticsearch/provide-elasticsearch.ts';
import type { World } from './start-world.ts';

/** A settings file that collects one data stream. */
export interface StreamSettingsFile {
  readonly stream: string;
  readonly file: string;
}

interface Surroundings {
  readonly engine: ProvidedElasticsearch;
  readonly world: World;
}

/** Writes one settings file for each data stream, as a user would. An engine without ingest processors is written to from the edge. */
export async function writeSettings(folder: string, { engine, world }: Surroundings): Promise<readonly StreamSettingsFile[]> {
  const streams = {
    audit: { account_id: [world.accountId], initial_interval: '7d' },
    logpull: { zone_id: [world.zoneId], initial_interval: '1h', fields: 'standard' },
  };
  return Promise.all(
    Object.entries(streams).map(async ([stream, settings]) => {
      const file = join(folder, `${stream}.yml`);
      const content = {
        elasticsearch: { url: engine.url, ...engine.credentials, pipeline: engine.capabilities.ingest ? 'server' : 'edge' },
        state: { path: `./state-${stream}` },
        connections: [{ name: 'demo', api_url: world.url, api_token: world.token, streams: { [stream]: settings } }],
      };
      await writeFile(file, dump(content));
      return { stream, file };
    }),
  );
}
