import { defineField, draw, type LogpullField, type LogpullFields, wrap } from '../logpull-field.ts';
import type { LogpullRecord } from '../logpull-record.ts';

const DAY_MS = 86_400_000;

/** What the origin answered; all of it zero or empty where the origin was not asked. */
export const ORIGIN_FIELDS: LogpullFields = {
  OriginDNSResponseTimeMs: defineDuration('time to receive a DNS response for an origin name', 401, 30),
  OriginIP: defineField('IP of the origin server; may be empty', (record) => (wasAsked(record) ? wrap(`216.160.83.${56 + (draw(record, 402) % 8)}`) : '""')),
  OriginRequestHeaderSendDurationMs: defineDuration('time taken to send request headers to origin', 403, 3),
  OriginResponseBytes: defineField('deprecated: number of bytes returned by the origin server', (record) =>
    wasAsked(record) ? String(record.bodyBytes) : '0',
  ),
  OriginResponseDurationMs: defineField('upstream response time, milliseconds', (record) => (wasAsked(record) ? String(toDurationMs(record)) : '0')),
  OriginResponseHTTPExpires: defineField('value of the origin Expires header in RFC 1123 format', (record) =>
    wasAsked(record) && record.request.kind === 'asset' ? renderDate(record, DAY_MS) : '""',
  ),
  OriginResponseHTTPLastModified: defineField('value of the origin Last-Modified header in RFC 1123 format', (record) =>
    wasAsked(record) && record.request.kind === 'asset' ? renderDate(record, -30 * DAY_MS) : '""',
  ),
  OriginResponseHeaderReceiveDurationMs: defineField('time until the origin returned response headers', (record) =>
    wasAsked(record) ? String(Math.floor(toDurationMs(record) * 0.7)) : '0',
  ),
  OriginResponseStatus: defineField('status returned by the origin server; 0: no response', ({ originStatus }) => String(originStatus)),
  OriginResponseTime: defineField('deprecated: number of nanoseconds it took the origin to return the response', (record) =>
    wasAsked(record) ? String(toDurationMs(record) * 1_000_000 + (draw(record, 405) % 1_000_000)) : '0',
  ),
  OriginSSLProtocol: defineField('SSL (TLS) protocol used to connect to the origin', (record) => (wasAsked(record) ? '"TLSv1.3"' : '"unknown"')),
  OriginTCPHandshakeDurationMs: defineDuration('time to complete the TCP handshake with the origin; 0 if reused', 407, 40),
  OriginTLSHandshakeDurationMs: defineDuration('time to complete the TLS handshake with the origin; 0 if reused', 407, 80),
};

function wasAsked({ originStatus }: LogpullRecord): boolean {
  return originStatus !== 0;
}

function toDurationMs({ endMicros, startMicros }: LogpullRecord): number {
  return Math.floor(((endMicros - startMicros) * 0.7) / 1000);
}

/** Two of three connections are reused and take no time. */
function defineDuration(description: string, purpose: number, limit: number): LogpullField {
  return defineField(description, (record) => {
    const turn = draw(record, purpose);
    return wasAsked(record) && turn % 3 === 0 ? String((turn >>> 4) % limit) : '0';
  });
}

function renderDate({ startMicros }: LogpullRecord, shiftMs: number): string {
  return wrap(new Date(Math.floor(startMicros / 1000) + shiftMs).toUTCString());
}
