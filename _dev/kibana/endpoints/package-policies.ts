import type { Endpoint } from '../endpoint.ts';
import { toFilter } from '../kuery.ts';
import type { PackagePolicy } from '../package-policy.ts';
import { Refused, toReply } from '../reply.ts';
import { toShown } from '../to-shown.ts';

const FORMAT = ['simplified', 'legacy'] as const;

/** `GET /api/fleet/package_policies`. */
export const listPackagePolicies: Endpoint = {
  method: 'GET',
  path: '/api/fleet/package_policies',
  needs: 'read',
  query: {
    page: 'number',
    perPage: 'number',
    sortField: 'text',
    sortOrder: ['asc', 'desc'],
    showUpgradeable: 'boolean',
    kuery: 'text',
    format: FORMAT,
    withAgentCount: 'boolean',
  },
  answer: ({ query, space }, { policies }) => {
    const page = Number(query.page ?? 1);
    const perPage = Number(query.perPage ?? 20);
    const keep = toFilter(query.kuery);
    const found = [...policies.values()].filter((policy) => isIn(policy, space) && keep(policy));
    const items = found.slice((page - 1) * perPage, page * perPage).map((policy) => toShown(policy, query.format));
    return toReply({ items, total: found.length, page, perPage });
  },
};

/** `GET /api/fleet/package_policies/ID`. */
export const getPackagePolicy: Endpoint = {
  method: 'GET',
  path: '/api/fleet/package_policies/{id}',
  needs: 'read',
  query: { format: FORMAT },
  answer: ({ params, query, space }, { policies }) => {
    const policy = policies.get(params.id ?? '');
    if (policy === undefined || !isIn(policy, space)) throw new Refused(404, `Package policy ${params.id} not found`);
    return toReply({ item: toShown(policy, query.format) });
  },
};

function isIn({ spaceIds = ['default'] }: PackagePolicy, space: string): boolean {
  return spaceIds.includes(space);
}
