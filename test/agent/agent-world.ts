import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import type { FormValue } from '../compile/render-agent-template.ts';
import type { Scene } from '../e2e/open-scene.ts';
import { readStored, type StoredDocument } from '../e2e/read-stored.ts';
import { ACCOUNT, openSmallWorld, type SmallWorld, ZONE } from '../e2e/small-world.ts';
import { type Filebeat, openFilebeat } from './filebeat.ts';
import { toFilebeatInput } from './to-filebeat-input.ts';

/** What a policy of the small world gives, whatever the stream. */
export type Variables = Readonly<Record<string, FormValue>>;

/** A simulated API that the collector and Elastic Agent collect from, each into a namespace of its own. */
export interface AgentWorld extends SmallWorld {
  /** Opens a Filebeat that collects a stream as a policy says; the world closes it. */
  readonly openAgent: (stream: string, variables?: Variables) => Promise<Filebeat>;
  /** What Elastic Agent has stored. */
  readonly readAgent: (stream: string) => Promise<readonly StoredDocument[]>;
}

/** Opens a small world where both can collect. */
export async function openAgentWorld(scene: Scene, program: string, options: CloudflareOptions = {}): Promise<AgentWorld> {
  const world = await openSmallWorld(scene, options);
  const namespace = `${world.namespace}agent`;
  const opened: Filebeat[] = [];
  return {
    ...world,
    openAgent: async (stream, variables = {}) => {
      const given = {
        api_url: world.cloudflare.url,
        api_token: DEMO_CREDENTIALS[0].token,
        account_id: [ACCOUNT],
        zone_id: [ZONE],
        initial_interval: stream === 'logpull' ? '150m' : '50h',
        interval: '1s',
        ...variables,
      };
      const input = toFilebeatInput({ definition: scene.definition, stream, namespace, variables: given });
      const { credentials, url } = scene.engine;
      const agent = await openFilebeat({ program, input, output: { 'output.elasticsearch': { hosts: [url], ...credentials } } });
      opened.push(agent);
      return agent;
    },
    readAgent: (stream) => readStored(scene.engine, scene.dataStream(stream, namespace)),
    close: async () => {
      for (const agent of opened) await agent.close();
      await world.close();
    },
  };
}
