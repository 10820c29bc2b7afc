import { defineZoneEndpoint } from '../endpoint.ts';
import { FIELDS } from '../logpull/fields.ts';
import { toJsonReply } from '../reply.ts';

/** GET /zones/:zone/logs/received/fields: the zone's fields and their descriptions, without an envelope. */
export const logsFields = defineZoneEndpoint(
  {
    method: 'GET',
    path: '/zones/:zone/logs/received/fields',
    permissions: ['Logs Read', 'Logs Write'],
    documentation: 'https://developers.cloudflare.com/api/resources/logs/subresources/received/subresources/fields/methods/get/',
  },
  ({ zone }) => toJsonReply(Object.fromEntries(zone.logpull.fieldNames.map((name) => [name, FIELDS[name]?.description ?? '']))),
);
