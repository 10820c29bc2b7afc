import { defineZoneEndpoint } from '../endpoint.ts';
import { createLineBody } from '../logpull/line-body.ts';
import { readLineForm } from '../logpull/read-line-form.ts';
import { LOGPULL_RETENTION_MS } from '../logpull/read-window.ts';
import { toErrorReply, toTextRefusal } from '../reply.ts';

/** GET /zones/:zone/logs/rayids/:ray: the lines of a ray id, none, one or more. */
export const logsRayid = defineZoneEndpoint(
  {
    method: 'GET',
    path: '/zones/:zone/logs/rayids/:ray',
    permissions: ['Logs Read', 'Logs Write'],
    documentation: 'https://developers.cloudflare.com/api/resources/logs/subresources/rayid/methods/get/',
    isLogpull: true,
  },
  ({ params, query, zone }, { clock, switches }) => {
    if (!zone.retention) return toErrorReply('22');
    const ray = params.ray ?? '';
    if (!/^[0-9a-f]{16}$/.test(ray)) return toTextRefusal('bad query: invalid ray id');
    const form = readLineForm(query, zone.logpull);
    if ('refusal' in form) return form.refusal;
    const { crlf, logpullMinDelayMs } = switches();
    const window = { start: (clock.now() - LOGPULL_RETENTION_MS) * 1000, end: (clock.now() - logpullMinDelayMs) * 1000 };
    return { status: 200, contentType: 'application/x-ndjson', ...createLineBody(zone.logpull.findRay(ray, window), { ...form, crlf }) };
  },
);
