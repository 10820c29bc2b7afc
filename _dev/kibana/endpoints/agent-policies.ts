import { agentPoliciesAnswer, agentPolicyAnswer } from '../answer-schemas.ts';
import type { Endpoint } from '../endpoint.ts';
import { AGENT_POLICY_FIELDS, toFilter } from '../kuery.ts';
import { FORMAT, LIST_QUERY, toPage } from '../list-query.ts';
import type { AgentPolicyOptions } from '../options.ts';
import { Refused, toReply } from '../reply.ts';

/** `GET /api/fleet/agent_policies`. */
export const listAgentPolicies: Endpoint = {
  method: 'GET',
  path: '/api/fleet/agent_policies',
  needs: 'read',
  query: { ...LIST_QUERY, noAgentCount: 'boolean', full: 'boolean' },
  gives: agentPoliciesAnswer,
  answer: ({ query }, { agentPolicies }) => {
    if (Number(query.perPage) > 100 && query.withAgentCount === 'true')
      throw new Refused(400, '[request query]: perPage should be at most 100 with agent count');
    const found = [...agentPolicies.values()].filter(toFilter(query.kuery, AGENT_POLICY_FIELDS));
    const page = toPage(query, found);
    return toReply({ ...page, items: page.items.map(toItem) });
  },
};

/** `GET /api/fleet/agent_policies/ID`. */
export const getAgentPolicy: Endpoint = {
  method: 'GET',
  path: '/api/fleet/agent_policies/{id}',
  needs: 'read',
  query: { format: FORMAT },
  gives: agentPolicyAnswer,
  answer: ({ params: { id = '' } }, { agentPolicies }) => {
    const policy = agentPolicies.get(id);
    if (policy === undefined) throw new Refused(404, 'Agent policy not found');
    return toReply({ item: toItem(policy) });
  },
};

function toItem({ agents, id, name, namespace }: Required<AgentPolicyOptions>): unknown {
  return {
    id,
    name,
    namespace,
    status: 'active',
    is_managed: false,
    is_protected: false,
    revision: 1,
    agents,
    updated_at: '2026-01-01T00:00:00.000Z',
    updated_by: 'system',
  };
}
