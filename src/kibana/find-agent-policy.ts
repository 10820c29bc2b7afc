import { KibanaError } from '../errors.ts';
import type { Kibana } from './open-kibana.ts';

/** A group of agents with one configuration. */
export interface AgentPolicy {
  readonly id: string;
  readonly name: string;
}

const SHOWN = 20;

/**
 * The agent policy with that id, or else that name.
 * @throws KibanaError where there is none, with the names that there are
 */
export async function findAgentPolicy(kibana: Kibana, idOrName: string, signal?: AbortSignal): Promise<AgentPolicy> {
  const what = `looking for the agent policy ${idOrName}`;
  const path = '/api/fleet/agent_policies';
  const byId = await kibana.request<{ readonly item?: AgentPolicy } | null>(
    { what, method: 'GET', path: `${path}/${encodeURIComponent(idOrName)}`, allow: [404] },
    signal,
  );
  if (byId.status !== 404 && byId.body?.item !== undefined) return byId.body.item;
  const kuery = `ingest-agent-policies.name:"${idOrName.replace(/["\\]/g, '\\$&')}"`;
  const named = await list(kibana, { what, path, query: { kuery } }, signal);
  const found = named.find(({ name }) => name === idOrName);
  if (found !== undefined) return found;
  const all = await list(kibana, { what, path, query: { perPage: SHOWN } }, signal);
  const names = all.length === 0 ? 'there is none yet: create one under Fleet > Agent policies' : `there are ${all.map(({ name }) => name).join(', ')}`;
  throw new KibanaError(`${what}: ${kibana.url} has none of that id or name`, { reason: 'no-agent-policy', hint: `Name one after --agent-policy; ${names}.` });
}

interface ListCall {
  readonly what: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | number>>;
}

async function list(kibana: Kibana, call: ListCall, signal?: AbortSignal): Promise<readonly AgentPolicy[]> {
  const { body } = await kibana.request<{ readonly items?: readonly AgentPolicy[] } | null>({ ...call, method: 'GET' }, signal);
  return body?.items ?? [];
}
