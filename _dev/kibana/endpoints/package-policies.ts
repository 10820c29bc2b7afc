import { deletedAnswer, packagePoliciesAnswer, packagePolicyAnswer } from '../answer-schemas.ts';
import type { Call } from '../call.ts';
import type { Endpoint } from '../endpoint.ts';
import { PACKAGE_POLICY_FIELDS, toFilter } from '../kuery.ts';
import { FORMAT, LIST_QUERY, toPage } from '../list-query.ts';
import type { PolicyBody } from '../make-policy.ts';
import type { PackagePolicy } from '../package-policy.ts';
import { readBody } from '../read-body.ts';
import { Refused, toReply } from '../reply.ts';
import { savePolicy } from '../save-policy.ts';
import { limitedPolicyBody, policyBody, type Schema } from '../schemas.ts';
import { toAgents } from '../to-agents.ts';
import { toShown } from '../to-shown.ts';
import type { World } from '../world.ts';

/** `GET /api/fleet/package_policies`. */
export const listPackagePolicies: Endpoint = {
  method: 'GET',
  path: '/api/fleet/package_policies',
  needs: 'read',
  query: LIST_QUERY,
  gives: packagePoliciesAnswer,
  answer: ({ query, space }, world) => {
    const keep = toFilter(query.kuery, PACKAGE_POLICY_FIELDS);
    const found = [...world.policies.values()].filter((policy) => isIn(policy, space) && keep(policy));
    const counted = (policy: PackagePolicy): PackagePolicy => (query.withAgentCount === 'true' ? { ...policy, agents: toAgents(policy, world) } : policy);
    const page = toPage(query, found);
    return toReply({ ...page, items: page.items.map((policy) => toShown(counted(policy), query.format)) });
  },
};

/** `GET /api/fleet/package_policies/ID`. */
export const getPackagePolicy: Endpoint = {
  method: 'GET',
  path: '/api/fleet/package_policies/{id}',
  needs: 'read',
  query: { format: FORMAT },
  gives: packagePolicyAnswer,
  answer: (call, world) => toReply({ item: toShown(findPolicy(call, world), call.query.format) }),
};

/** `POST /api/fleet/package_policies`, in the simplified format. */
export const createPackagePolicy: Endpoint = {
  method: 'POST',
  path: '/api/fleet/package_policies',
  needs: 'all',
  query: { format: FORMAT },
  takes: ['application/json'],
  gives: packagePolicyAnswer,
  answer: ({ body, query, space, username }, world) => {
    const given = readBody<PolicyBody>(body, toBodySchema(world));
    if (given.id !== undefined && world.policies.has(given.id)) throw new Refused(409, `Package policy ${given.id} already exists`);
    return toReply({ item: toShown(savePolicy({ body: given, space, username: username ?? 'system' }, world), query.format) });
  },
};

/** `PUT /api/fleet/package_policies/ID`, in the simplified format: the whole policy is given. */
export const updatePackagePolicy: Endpoint = {
  method: 'PUT',
  path: '/api/fleet/package_policies/{id}',
  needs: 'all',
  query: { format: FORMAT },
  takes: ['application/json'],
  gives: packagePolicyAnswer,
  answer: (call, world) => {
    const stored = findPolicy(call, world);
    const body = readBody<PolicyBody>(call.body, toBodySchema(world));
    return toReply({ item: toShown(savePolicy({ body, space: call.space, stored, username: call.username ?? 'system' }, world), call.query.format) });
  },
};

/** `DELETE /api/fleet/package_policies/ID`. */
export const deletePackagePolicy: Endpoint = {
  method: 'DELETE',
  path: '/api/fleet/package_policies/{id}',
  needs: 'all',
  query: { force: 'boolean' },
  gives: deletedAnswer,
  answer: (call, world) => {
    const { id, secret_references: references = [] } = findPolicy(call, world);
    for (const reference of references) world.secrets.delete(reference.id);
    world.policies.delete(id);
    return toReply({ id });
  },
};

function toBodySchema({ limitsLists }: World): Schema {
  return limitsLists ? limitedPolicyBody : policyBody;
}

function findPolicy({ params: { id = '' }, space }: Call, { policies }: World): PackagePolicy {
  const policy = policies.get(id);
  if (policy === undefined || !isIn(policy, space)) throw new Refused(404, `Package policy ${id} not found`);
  return policy;
}

function isIn({ spaceIds = ['default'] }: PackagePolicy, space: string): boolean {
  return spaceIds.includes(space);
}
