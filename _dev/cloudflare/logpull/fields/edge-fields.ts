import { defineChoice, defineField, draw, type LogpullFields, wrap } from '../logpull-field.ts';
import type { LogpullRecord } from '../logpull-record.ts';

const HEADER_BYTES = 700;

/** What the edge did and what its cache knew. */
export const EDGE_FIELDS: LogpullFields = {
  CacheCacheStatus: defineField(
    'unknown | miss | expired | updating | stale | hit | ignored | bypass | revalidated | dynamic | stream_hit | deferred',
    ({ cacheStatus }) => wrap(cacheStatus),
  ),
  CacheReserveUsed: defineField('whether Cache Reserve served the request', (record) => String(record.cacheStatus === 'hit' && draw(record, 301) % 20 === 0)),
  CacheResponseBytes: defineField('number of bytes returned by the cache', (record) => (isCached(record) ? String(record.bodyBytes + HEADER_BYTES) : '0')),
  CacheResponseStatus: defineField('deprecated: HTTP status code returned by the cache to the edge', (record) =>
    isCached(record) ? String(record.status) : '0',
  ),
  CacheTieredFill: defineField('whether Tiered Cache was used', (record) => String(record.cacheStatus === 'miss')),
  EdgeColoCode: defineField('IATA airport code of data centre that received the request', ({ visitor }) => wrap(visitor.place.colo)),
  EdgeColoID: defineField('Cloudflare edge colo id', ({ visitor }) => String(visitor.place.coloId)),
  EdgeEndTimestamp: defineField('timestamp at which the edge finished sending response to the client', (record, renderTime) =>
    renderTime(record.endMicros, record.endNanos),
  ),
  EdgePathingOp: defineField('indicates what type of response was issued for this request', ({ action, request }) =>
    action === 'block' ? '"ban"' : action.endsWith('challenge') ? '"chl"' : request.method === 'PROPFIND' ? '"errHost"' : '"wl"',
  ),
  EdgePathingSrc: defineField('how the request was classified based on security checks', ({ action }) => (action === '' ? '"macro"' : '"filterBasedFirewall"')),
  EdgePathingStatus: defineField('indicates what data was used to determine the handling of this request', ({ action, visitor }) =>
    action.endsWith('challenge') ? '"captchaNew"' : visitor.kind === 'crawler' ? '"se"' : '"nr"',
  ),
  EdgeResponseBodyBytes: defineField('size of the HTTP response body returned to clients', ({ bodyBytes }) => String(bodyBytes)),
  EdgeResponseBytes: defineField('number of bytes returned by the edge to the client', ({ bodyBytes, status }) =>
    status === 499 ? '0' : String(bodyBytes + HEADER_BYTES),
  ),
  EdgeResponseCompressionRatio: defineField('edge response compression ratio', (record) =>
    record.request.contentType.startsWith('text/') ? (1 + (draw(record, 302) % 500) / 100).toFixed(2) : '0',
  ),
  EdgeResponseContentType: defineField('edge response Content-Type header value', ({ request }) => wrap(request.contentType)),
  EdgeResponseStatus: defineField('HTTP status code returned by Cloudflare to the client', ({ status }) => String(status)),
  EdgeServerIP: defineField('IP of the edge server making a request to the origin; may be empty', (record) =>
    record.originStatus === 0 ? '""' : wrap(`67.43.156.${draw(record, 303) % 256}`),
  ),
  EdgeStartTimestamp: defineField('timestamp at which the edge received request from the client', (record, renderTime) =>
    renderTime(record.startMicros, record.startNanos),
  ),
  EdgeTimeToFirstByteMs: defineField('total view of time to first byte as measured at the edge', (record) =>
    String(Math.floor(((record.endMicros - record.startMicros) * 0.8) / 1000)),
  ),
  SmartRouteColoID: defineChoice('data centre used by Argo Smart Routing', 304, ['0', '0', '0', '31', '14']),
  UpperTierColoID: defineField('upper-tier data centre that was checked for a cached copy', ({ cacheStatus }) => (cacheStatus === 'miss' ? '22' : '0')),
};

function isCached({ cacheStatus }: LogpullRecord): boolean {
  return ['hit', 'stale', 'updating', 'revalidated', 'expired'].includes(cacheStatus);
}
