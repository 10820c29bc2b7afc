import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { DEMO_API_KEY, type KibanaOptions } from '../../_dev/kibana/options.ts';
import { type SimulatedKibana, startKibana } from '../../_dev/kibana/start-kibana.ts';
import { type CliResult, runCli } from '../cli/run-cli.ts';

export const ACCOUNT = '0123456789abcdef0123456789abcdef';
export const ZONE = '023e105f4ecef8ad9ca31a8372d0c353';
export const TOKEN = 'cfut_secretsecretsecretsecretsecretsecret01';

/** An agent policy that no agent runs. */
export const COLLECTORS = { id: 'collectors-id', name: 'Collectors' } as const;

/** A connection of a settings file, as a person writes it. */
export const MAIN = {
  name: 'main',
  api_token: TOKEN,
  http_client_timeout: '30s',
  ssl: { certificate_authorities: ['/etc/ca.pem'] },
  rate_budget: 'shared',
  streams: { audit: { account_id: [ACCOUNT], interval: '10m', preserve_original_event: true } },
};

/** What a test file has for each of its tests. */
export interface KibanaWorld {
  /** Starts a simulated Kibana, which ends with the test. */
  readonly start: (options?: KibanaOptions) => Promise<SimulatedKibana>;
  /** Writes the settings file and runs a command line beside it. */
  readonly run: (argv: readonly string[], settings?: object) => Promise<CliResult>;
}

/** A folder and Kibanas for each test of a file; Elasticsearch is at a port where nobody listens. */
export function useKibana(): KibanaWorld {
  let folder = '';
  let started: SimulatedKibana[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kibana-'));
    started = [];
  });
  afterEach(async () => {
    for (const kibana of started) {
      await kibana.close();
      expect(kibana.bugs).toEqual([]);
    }
    await rm(folder, { recursive: true, force: true });
  });
  return {
    start: async (options = {}) => {
      const kibana = await startKibana({ agentPolicies: [COLLECTORS], ...options });
      started.push(kibana);
      return kibana;
    },
    run: async (argv, settings = {}) => {
      const complete = { elasticsearch: { url: 'http://127.0.0.1:9' }, kibana: { api_key: DEMO_API_KEY }, connections: [MAIN], ...settings };
      await writeFile(join(folder, 'cloudflare-integration.yml'), JSON.stringify(complete));
      return runCli(argv, { cwd: folder });
    },
  };
}
