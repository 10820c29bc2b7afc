import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import { DEMO_API_KEY, type KibanaOptions } from '../../_dev/kibana/options.ts';
import { type SimulatedKibana, startKibana } from '../../_dev/kibana/start-kibana.ts';
import { type CliResult, PROJECT, type RunningCli, type Surroundings } from '../cli/run-cli.ts';
import type { Scene } from './open-scene.ts';
import { ACCOUNT, openSmallWorld, type SmallWorld, TOKEN, ZONE } from './small-world.ts';
import { saveInKibana, type TypedPolicy } from './type-in-kibana.ts';

/** Agent policies: one without agents, and one that two agents run. */
export const COLLECTORS = { id: 'collectors-id', name: 'Collectors' } as const;
export const AGENTS = { id: 'agents-id', name: 'Agents', agents: 2 } as const;

/** The token of the policy "small", where Kibana hides it. */
export const TOKEN_ENV = { CLOUDFLARE_API_TOKEN_SMALL: TOKEN } as const;

/** A Cloudflare, and a Kibana that has the scene's package. */
export interface FleetWorld {
  readonly world: SmallWorld;
  readonly kibana: SimulatedKibana;
  /** A policy of both streams; `given` replaces parts of it. */
  readonly typed: (given?: Partial<TypedPolicy>) => TypedPolicy;
  /** Saves a policy; resolves with its id. */
  readonly save: (policy: TypedPolicy, id?: string) => Promise<string>;
  /** Writes a settings file, by default without a connection. */
  readonly configure: (connections?: readonly object[]) => Promise<string>;
  /** Runs a command with `--fleet`; the settings are those of `configure`. */
  readonly run: (argv: readonly string[], given?: Surroundings) => Promise<CliResult>;
  readonly start: (argv: readonly string[], given?: Surroundings) => Promise<RunningCli>;
  readonly close: () => Promise<void>;
}

/** Opens a world whose settings have no connection; people type them in Kibana. */
export async function openFleetWorld(
  scene: Scene,
  { cloudflare, kibana: options }: { readonly cloudflare?: CloudflareOptions; readonly kibana?: KibanaOptions } = {},
): Promise<FleetWorld> {
  const world = await openSmallWorld(scene, cloudflare);
  const kibana = await startKibana({ agentPolicies: [COLLECTORS, AGENTS], ...options });
  const configure = (connections: readonly object[] = []): Promise<string> =>
    scene.writeSettings(`${world.namespace}.yml`, {
      state: { path: `./state-${world.namespace}` },
      kibana: { api_key: DEMO_API_KEY, interval: '1s' },
      connections: connections as readonly Readonly<Record<string, unknown>>[],
    });
  const file = await configure();
  // What a zip has beside the declarations.
  for (const part of ['LICENSE', 'docs', 'img']) await cp(join(PROJECT, part), join(scene.projectFolder, part), { recursive: true });
  const installed = await scene.run(['install', '--kibana', kibana.url, '--package-only', '--config', file]);
  if (installed.exitCode !== 0) throw new Error(installed.stderr);
  const withFleet = (argv: readonly string[]): readonly string[] => [...argv, '--fleet', kibana.url, '--config', file];
  return {
    world,
    kibana,
    typed: (given = {}) => ({
      name: 'small',
      namespace: world.namespace,
      agentPolicies: [COLLECTORS.id],
      values: { api_url: world.cloudflare.url, api_token: TOKEN },
      streams: { audit: { account_id: [ACCOUNT], initial_interval: '50h' }, logpull: { zone_id: [ZONE], initial_interval: '150m' } },
      ...given,
    }),
    save: (policy, id) => saveInKibana(kibana, scene.name, policy, id),
    configure,
    run: (argv, given = {}) => scene.run(withFleet(argv), { ...given, env: { ...TOKEN_ENV, ...given.env } }),
    start: async (argv, given = {}) => scene.start(withFleet(argv), { ...given, env: { ...TOKEN_ENV, ...given.env } }),
    close: async () => {
      await kibana.close();
      await world.close();
    },
  };
}
