import { drawHex } from '../../random.ts';
import { defineChoice, defineCount, defineField, draw, type LogpullFields, wrap } from '../logpull-field.ts';

/** What is known of the client and its connection. */
export const CLIENT_FIELDS: LogpullFields = {
  ClientASN: defineField('client AS number', ({ visitor }) => String(visitor.place.asn)),
  ClientCity: defineField('approximate city of the client', ({ visitor }) => wrap(visitor.place.city)),
  ClientCountry: defineField('2-letter ISO 3166 country code of the client', ({ visitor }) => wrap(visitor.country)),
  ClientDeviceType: defineField('client device type', ({ visitor }) => wrap(visitor.device)),
  ClientIP: defineField('IP address of the client', ({ visitor }) => visitor.addressJson),
  ClientIPClass: defineField('unknown | badHost | searchEngine | allowlist | monitoringService | noRecord | scan | tor', ({ visitor }) =>
    wrap(visitor.ipClass),
  ),
  ClientLatitude: defineField('approximate latitude of the client', ({ visitor }) => wrap(visitor.place.latitude)),
  ClientLongitude: defineField('approximate longitude of the client', ({ visitor }) => wrap(visitor.place.longitude)),
  ClientMTLSAuthCertFingerprint: defineField('SHA-256 of the client certificate, on the first request of a connection', (record) =>
    draw(record, 101) % 50 === 0 ? wrap(drawHex(record.salt, 102, 64)) : '""',
  ),
  ClientMTLSAuthStatus: defineField('unknown | ok | absent | untrusted | notyetvalid | expired', (record) =>
    draw(record, 101) % 50 === 0 ? '"ok"' : '"unknown"',
  ),
  ClientRegionCode: defineField('ISO 3166-2 region of the client', ({ visitor }) => wrap(visitor.place.region)),
  ClientSSLCipher: defineField('client SSL cipher', ({ visitor }) => wrap(visitor.cipher)),
  ClientSSLProtocol: defineField('client SSL (TLS) protocol; "none" means that SSL was not used', ({ visitor }) => wrap(visitor.tls)),
  ClientSrcPort: defineField('client source port', (record) => String(1024 + (draw(record, 103) % 64_000))),
  ClientTCPRTTMs: defineField('smoothed average of TCP round-trip time, milliseconds', (record) =>
    record.visitor.protocol === 'HTTP/3' ? '0' : String(record.visitor.roundTripMs + (draw(record, 104) % 9)),
  ),
  ClientTLSKeyExchangeGroup: defineField('X25519MLKEM768 | X25519 | P-256 | UNK | NONE', ({ salt, visitor }) =>
    visitor.tls === 'none' ? '"NONE"' : salt % 3 === 0 ? '"X25519"' : '"X25519MLKEM768"',
  ),
  JA3Hash: defineField('MD5 hash of the JA3 fingerprint', ({ visitor }) => wrap(visitor.ja3)),
  JA4: defineField('JA4 fingerprint', ({ visitor }) => wrap(visitor.ja4)),
  JA4Signals: defineField('inter-request statistics of the JA4 fingerprint', (record) =>
    record.visitor.ja4 === '' ? '{}' : `{"h2h3_ratio_1h":0.${draw(record, 105) % 100},"reqs_rank_1h":${draw(record, 106) % 9000},"uas_quantile_1h":1}`,
  ),
  Cookies: defineChoice('cookies chosen by custom fields', 107, ['{}', '{}', '{}', '{"lang":"de-DE","cart":"7"}', '{"RayID":"nested","EdgeStartTimestamp":1}']),
  RequestHeaders: defineChoice('request headers chosen by custom fields', 108, [
    '{}',
    '{}',
    '{"x-request-id":"a-1","via":"1.1 proxy"}',
    '{"x-note":"\\",\\"RayID\\":\\"y"}',
  ]),
  ResponseHeaders: defineChoice('response headers chosen by custom fields', 109, ['{}', '{}', '{"server-timing":"db;dur=53, app;dur=47.2"}']),
  PayPerCrawlStatus: defineField('outcome of Pay Per Crawl', ({ visitor }) => (visitor.botCategory === 'AI Crawler' ? '"charged"' : '""')),
  EdgeCFConnectingO2O: defineChoice('true if the request looped through several zones', 110, [...new Array<string>(30).fill('false'), 'true']),
  ClientXRequestedWith: defineChoice('X-Requested-With header', 111, ['""', '""', '""', '"XMLHttpRequest"']),
  ClientRequestBytes: defineField('number of bytes in the client request', (record) => String(300 + (draw(record, 112) % 2000))),
  CacheLockWaitedMs: defineCount('wait on a cache lock, milliseconds', 113, 3),
};
