import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import type { Variables } from './agent-world.ts';
import { type Filebeat, openFilebeat } from './filebeat.ts';
import { toFilebeatInput } from './to-filebeat-input.ts';

/** An event as it leaves Filebeat, before any pipeline. */
export interface SentEvent {
  readonly message: string;
  readonly tags: readonly string[];
  readonly _conf: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** Filebeat that writes into files what Elastic Agent would send. */
export interface FileAgent extends Filebeat {
  readonly readEvents: () => Promise<readonly SentEvent[]>;
}

/** A simulated API, and Filebeats that collect from it into files. */
export interface FileWorld {
  readonly cloudflare: SimulatedCloudflare;
  /** Opens a Filebeat that collects a stream of all accounts or zones as a policy says; the world closes it. */
  readonly openAgent: (stream: string, variables?: Variables) => Promise<FileAgent>;
  readonly close: () => Promise<void>;
}

/** Opens a world; its API has no rate limits but those of the options. */
export async function openFileWorld(program: string, options: CloudflareOptions = {}): Promise<FileWorld> {
  const definition = await readDefinition('.');
  const cloudflare = await startCloudflare({ limits: 'off', ...options });
  const opened: Filebeat[] = [];
  return {
    cloudflare,
    openAgent: async (stream, variables = {}) => {
      const given = {
        api_url: cloudflare.url,
        api_token: DEMO_CREDENTIALS[0].token,
        account_id: cloudflare.accounts.map(({ id }) => id),
        zone_id: cloudflare.zones.map(({ id }) => id),
        interval: '1s',
        ...variables,
      };
      const input = toFilebeatInput({ definition, stream, namespace: 'default', variables: given });
      const agent = await openFilebeat({ program, input, output: { 'output.file': { path: '${path.home}/out', filename: 'events' } } });
      opened.push(agent);
      return { ...agent, readEvents: () => readEvents(join(agent.folder, 'out')) };
    },
    close: async () => {
      for (const agent of opened) await agent.close();
      await cloudflare.close();
    },
  };
}

async function readEvents(folder: string): Promise<readonly SentEvent[]> {
  const files = await readdir(folder).catch(() => []);
  const texts = await Promise.all(files.toSorted().map((file) => readFile(join(folder, file), 'utf8')));
  return texts
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SentEvent);
}
