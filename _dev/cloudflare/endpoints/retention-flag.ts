import { defineZoneEndpoint, type Route } from '../endpoint.ts';
import { type Reply, toEnvelope, toRefusal } from '../reply.ts';

const ROUTE = {
  path: '/zones/:zone/logs/control/retention/flag',
  documentation: 'https://developers.cloudflare.com/api/resources/logs/subresources/control/subresources/retention/methods/create/',
} as const satisfies Partial<Route>;

/** GET /zones/:zone/logs/control/retention/flag: whether lines are kept. */
export const readRetentionFlag = defineZoneEndpoint({ ...ROUTE, method: 'GET', permissions: ['Logs Read', 'Logs Write'] }, ({ zone }) =>
  toEnvelope({ flag: zone.retention }),
);

/** POST to the same path with `{"flag": true}`: keeps lines from now on, or no longer. */
export const writeRetentionFlag = defineZoneEndpoint({ ...ROUTE, method: 'POST', permissions: ['Logs Write'] }, ({ body, zone }) => {
  const flag = readFlag(body);
  if (typeof flag !== 'boolean') return flag;
  zone.retention = flag;
  return toEnvelope({ flag });
});

function readFlag(body: string): boolean | Reply {
  try {
    const flag: unknown = (JSON.parse(body) as { readonly flag?: unknown } | null)?.flag;
    return typeof flag === 'boolean' ? flag : toRefusal(400, 1001, 'flag must be true or false');
  } catch {
    return toRefusal(400, 1001, 'the body is no JSON');
  }
}
