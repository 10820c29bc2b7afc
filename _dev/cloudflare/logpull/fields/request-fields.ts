import { mix, pick, toHex32 } from '../../random.ts';
import { defineChoice, defineField, draw, type LogpullFields, quote, wrap } from '../logpull-field.ts';
import type { LogpullRecord } from '../logpull-record.ts';

const REFERERS = ['""', '""', '"https://www.example.com/"', '"https://search.example.net/?q=schuhe"', '"android-app://com.example.shop"'];

/** The request and what identifies it. */
export const REQUEST_FIELDS: LogpullFields = {
  ClientRequestHost: defineField('host requested by the client', ({ request }) => wrap(request.host)),
  ClientRequestMethod: defineField('HTTP method of client request', ({ request }) => wrap(request.method)),
  ClientRequestPath: defineField('URI path requested by the client', ({ request }) => quote(request.path)),
  ClientRequestProtocol: defineField('HTTP protocol of client request', ({ visitor }) => wrap(visitor.protocol)),
  ClientRequestReferer: defineField('HTTP request referrer', (record) => (record.visitor.kind === 'human' ? pick(REFERERS, draw(record, 201)) : '""')),
  ClientRequestScheme: defineField('URL scheme requested by the client', ({ visitor }) => (visitor.tls === 'none' ? '"http"' : '"https"')),
  ClientRequestSource: defineChoice('identifies requests as coming from an external source or another service within Cloudflare', 202, [
    ...new Array<string>(20).fill('"eyeball"'),
    '"edgeWorkerFetch"',
    '"unknown"',
  ]),
  ClientRequestURI: defineField('URI requested by the client', ({ request }) => quote(request.path + request.query)),
  ClientRequestUserAgent: defineField('user agent reported by the client', ({ visitor }) => visitor.userAgentJson),
  EdgeRequestHost: defineField('host header on the request from the edge to the origin', ({ cacheStatus, request }) =>
    cacheStatus === 'hit' ? '""' : wrap(request.host),
  ),
  ParentRayID: defineField('ray id of the parent request when made by a Worker', (record) =>
    isSubrequest(record) ? wrap(toHex32(draw(record, 203)) + toHex32(draw(record, 204))) : '"00"',
  ),
  RayID: defineField('ID of the request', ({ rayId }) => wrap(rayId)),
  ZoneName: defineField('name of the zone', ({ zoneName }) => wrap(zoneName)),
  WorkerCPUTime: defineField('amount of time in microseconds spent executing a Worker', (record) => ifWorker(record, 205, 9000)),
  WorkerScriptName: defineField('name of the Worker script that made the request', (record) => (usesWorker(record) ? '"assistant-router"' : '""')),
  WorkerStatus: defineField('status returned from the Worker daemon', (record) => (usesWorker(record) ? '"ok"' : '"unknown"')),
  WorkerSubrequest: defineField('whether the request was a Worker subrequest', (record) => String(isSubrequest(record))),
  WorkerSubrequestCount: defineField('number of subrequests issued by a Worker', (record) => ifWorker(record, 206, 4)),
  WorkerWallTimeUs: defineField('elapsed time in microseconds of a Worker', (record) => ifWorker(record, 207, 900_000)),
  Subrequests: defineField('Worker subrequests', (record) =>
    usesWorker(record) ? `[{"RayID":${wrap(record.rayId)},"ClientRequestHost":"internal.example.com","EdgeResponseStatus":200}]` : '[]',
  ),
};

function usesWorker({ request }: LogpullRecord): boolean {
  return request.kind === 'prompt' || request.kind === 'login';
}

function isSubrequest({ salt }: LogpullRecord): boolean {
  return mix(salt, 208) % 60 === 0;
}

function ifWorker(record: LogpullRecord, purpose: number, limit: number): string {
  return usesWorker(record) ? String(draw(record, purpose) % limit) : '0';
}
