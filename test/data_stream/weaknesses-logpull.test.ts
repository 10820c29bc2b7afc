import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIELD_NAMES } from '../../_dev/cloudflare/logpull/fields.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { toPipeline } from '../../src/pipeline/elasticsearch/to-pipeline.ts';
import { compileRunner } from '../../src/pipeline/local/compile-runner.ts';
import { parseRecord } from '../../src/pipeline/parse-record.ts';
import { stringifyDocument } from '../../src/pipeline/stringify-document.ts';
import { isAbsent, type JsonObject, toText } from '../../src/pipeline/value.ts';
import { engineOrSkip } from '../engines.ts';
import { openServerRunner, type ServerRunner } from '../pipeline/server-runner.ts';
import { type Fixture, readFixtures } from './read-fixtures.ts';

const { engine, describeEngine } = await engineOrSkip({ ingest: true });
const definition = await readDefinition('.');
const found = definition.streams.find(({ name }) => name === 'logpull');
if (found === undefined) throw new Error('there is no data stream logpull');
const stream = found;
const fixtures = readFixtures('logpull').map((fixture) => ({ ...fixture, record: parseRecord(fixture.event.message) as JsonObject }));
const run = compileRunner(stream);

const envelopeOf = (message: string, tags: readonly string[] = []) => ({ message, _conf: { source: 'received', zone_id: '0a1b' }, tags: [...tags] });
const mapped = (record: Readonly<Record<string, unknown>>): JsonObject => run(envelopeOf(JSON.stringify(record)), new Date(0)).document;
const typeOf = (name: string): string | undefined => stream.fields.find((field) => field.name === name)?.type;

/** The fixtures whose record is such; there is at least one. */
function fixturesWhere(test: (record: JsonObject) => boolean): readonly (Fixture & { readonly record: JsonObject })[] {
  const chosen = fixtures.filter(({ record }) => test(record));
  expect(chosen.length).toBeGreaterThan(0);
  return chosen;
}

/** Names of Cloudflare's fields that something of the document is made from. */
function listRead(): readonly string[] {
  const { id = [], time = '' } = stream.sources[0] ?? {};
  const paths = stream.fields.flatMap(({ origin }) => {
    if (origin.kind === 'record') return origin.from;
    if (origin.kind === 'duration') return [origin.start, origin.end];
    return origin.kind === 'point' ? [origin.lat, origin.lon] : [];
  });
  return [...new Set([...id, time, ...paths])];
}

describe("what Elastic's package gets wrong about Logpull", () => {
  it('weakness 8: integers beyond 2^53 stay exact, and the original is the line as it came', () => {
    const [exact] = fixturesWhere(({ ClientRequestURI }) => ClientRequestURI === '/exact');
    expect(exact?.expected).toMatchObject({ event: { duration: 1, original: exact?.event.message } });
    expect(String(exact?.record.EdgeStartTimestamp)).toMatch(/^\d{19}$/);
    const sizes = fixturesWhere(({ ContentScanObjSizes }) => Array.isArray(ContentScanObjSizes) && ContentScanObjSizes.length > 0);
    expect(sizes[0]?.expected).toMatchObject({ cloudflare: { logpull: { content_scan: { sizes: [48123, 9007199254740993n] } } } });
    expect(stream.sources[0]?.request.query.timestamps).toBe('unixnano');
  });

  it.each([
    [{ SecurityAction: 'block' }, { WAFAction: 'block' }, { event: { action: 'block', type: ['access', 'denied'] } }],
    [{ SecurityActions: ['log', 'block'] }, { FirewallMatchesActions: ['log', 'block'] }, { event: { action: 'block' } }],
    [{ SecurityActions: ['log'] }, { FirewallMatchesActions: ['log'] }, { cloudflare: { logpull: { security: { actions: ['log'] } } } }],
    [{ SecurityRuleID: '1' }, { WAFRuleID: '1' }, { rule: { id: '1' } }],
    [{ SecurityRuleDescription: 'd' }, { WAFRuleMessage: 'd' }, { rule: { description: 'd' } }],
    [{ SecurityRuleIDs: ['1', '2'] }, { FirewallMatchesRuleIDs: ['1', '2'] }, { cloudflare: { logpull: { security: { rule_ids: ['1', '2'] } } } }],
    [{ SecuritySources: ['waf'] }, { FirewallMatchesSources: ['waf'] }, { cloudflare: { logpull: { security: { sources: ['waf'] } } } }],
    [{ AISecurityInjectionScore: 3 }, { FirewallForAIInjectionScore: 3 }, { cloudflare: { logpull: { ai_security: { injection_score: 3 } } } }],
  ])('weakness 13: the field of today %j and the one of before %j come to the same', (today, before, expected) => {
    expect(mapped(today)).toMatchObject(expected);
    expect(mapped(before)).toMatchObject(expected);
  });

  it('weakness 13: no preset asks for a field that Cloudflare has removed', () => {
    for (const [preset, names] of Object.entries(stream.presets)) expect([preset, names.filter((name) => !FIELD_NAMES.includes(name))]).toEqual([preset, []]);
  });

  it('weakness 14: every documented field can be asked for, is mapped, and has a value in a fixture', () => {
    expect(FIELD_NAMES).toHaveLength(123);
    expect([...(stream.presets.all ?? [])].sort()).toEqual(FIELD_NAMES);
    expect(FIELD_NAMES.filter((name) => !listRead().includes(name))).toEqual([]);
    const legacy = ['ZoneID', 'SecurityLevel', 'WAFAction', 'WAFProfile', 'WAFRuleID', 'WAFRuleMessage', 'EdgeRateLimitAction', 'EdgeRateLimitID'];
    const matches = ['FirewallMatchesActions', 'FirewallMatchesSources', 'FirewallMatchesRuleIDs'];
    const names = [...FIELD_NAMES, ...legacy, ...matches];
    expect(names.filter((name) => !listRead().includes(name))).toEqual([]);
    const shown = (name: string) => fixtures.some(({ record }) => !isAbsent(record[name]) && toText(record[name]) !== '0');
    expect(names.filter((name) => !shown(name))).toEqual([]);
  });

  it('weakness 14: nothing is mapped that no preset asks for, but for old names', () => {
    const asked = new Set(Object.values(stream.presets).flat());
    const rest = listRead().filter((name) => !asked.has(name) && !name.startsWith('_conf.'));
    expect(rest.filter((name) => !/^(ZoneID|SecurityLevel|WAF(Action|Profile|RuleID|RuleMessage)|EdgeRateLimit\w+|FirewallMatches\w+)$/.test(name))).toEqual(
      [],
    );
  });

  it('weakness 16: events have related fields, an id and an outcome', () => {
    const { expected } = fixturesWhere(({ JA3Hash, OriginIP }) => Boolean(JA3Hash) && Boolean(OriginIP))[0] ?? {};
    expect(expected).toMatchObject({
      event: { id: expect.stringMatching(/^[0-9a-f]{16}$/), outcome: expect.any(String) },
      related: { ip: expect.any(Array), hosts: expect.any(Array), hash: expect.any(Array) },
    });
    for (const { record, expected: document } of fixturesWhere(({ EdgeResponseStatus }) => Number(EdgeResponseStatus) >= 100))
      expect([record.RayID, document.event]).toMatchObject([record.RayID, { outcome: expect.stringMatching(/^(success|failure)$/) }]);
  });

  it('weakness 17: client and server repeat nothing of source and destination', () => {
    for (const { expected } of fixtures) {
      expect(expected).not.toHaveProperty('server');
      for (const key of ['ip', 'address', 'port']) expect(expected).not.toHaveProperty(`client.${key}`);
    }
  });

  it('weakness 18: a ratio keeps its fraction, and the id of a zone is a text', () => {
    expect(typeOf('cloudflare.logpull.edge.response.compression_ratio')).toBe('double');
    expect([typeOf('cloudflare.logpull.zone.id'), typeOf('cloudflare.logpull.zone.internal_id')]).toEqual(['keyword', 'keyword']);
    const [ratio] = fixturesWhere(({ EdgeResponseCompressionRatio }) => EdgeResponseCompressionRatio === 2.64);
    expect(ratio?.expected).toMatchObject({ cloudflare: { logpull: { edge: { response: { compression_ratio: 2.64 } } } } });
  });

  it.each(['allow', 'skip', 'bypass', 'jschallengeBypassed', 'managedChallengeNonInteractiveSolved'])('weakness 19: %s is allowed, not denied', (action) => {
    for (const { expected } of fixturesWhere(({ SecurityAction, FirewallMatchesActions }) =>
      [SecurityAction, FirewallMatchesActions].flat().includes(action),
    )) {
      expect(expected).toMatchObject({ event: { action, type: expect.arrayContaining(['allowed']) } });
      expect(expected.event).toMatchObject({ type: expect.not.arrayContaining(['denied']) });
    }
  });

  it.each(['block', 'jschallenge', 'managed_challenge', 'challengeFailed', 'connectionClose'])('weakness 19: %s is denied, and that is a success', (action) => {
    for (const { expected } of fixturesWhere(({ SecurityAction }) => SecurityAction === action))
      expect(expected).toMatchObject({ event: { action, outcome: 'success', type: ['access', 'denied'] } });
  });

  it.each(['log', 'rewrite'])('weakness 19: %s is neither allowed nor denied', (action) => {
    for (const { expected } of fixturesWhere(({ SecurityAction }) => SecurityAction === action))
      expect(expected).toMatchObject({ event: { action, type: ['access'] } });
  });

  it('weakness 22: an event without EdgeRequestHost is mapped', () => {
    for (const { record, expected } of fixturesWhere((one) => one.EdgeRequestHost === undefined && one.ClientRequestMethod === 'GET')) {
      expect([record.RayID, expected]).toMatchObject([record.RayID, { http: { request: { method: 'GET' } }, event: { id: record.RayID } }]);
      expect(Date.parse(String(expected['@timestamp']))).toBeGreaterThan(Date.parse('2026-11-01'));
    }
  });

  it('weakness 23: any field may be absent', () => {
    const [without, only] = [
      fixturesWhere(({ ClientSSLCipher, ClientSSLProtocol }) => Boolean(ClientSSLCipher) && !ClientSSLProtocol),
      fixturesWhere(({ RayID }) => RayID === '9b00000000000101'),
    ];
    expect(without[0]?.expected).toMatchObject({ tls: { cipher: expect.any(String) } });
    expect(only[0]?.expected).toMatchObject({ event: { id: '9b00000000000101', kind: 'event' } });
    const whole = fixtures.find(({ name }) => name === 'test-logpull-all.json 0')?.record ?? {};
    for (const left of Object.keys(whole)) {
      const { [left]: _, ...rest } = whole;
      expect([left, run(envelopeOf(stringifyDocument(rest)), new Date(0)).document.error]).toEqual([left, undefined]);
    }
  });

  it.each([
    ['HTTP/1.1', 'tcp'],
    ['HTTP/2', 'tcp'],
    ['HTTP/3', 'udp'],
    ['HTTP/2+QUIC/46', 'udp'],
    ['QUIC', 'udp'],
  ])('weakness 26: %s goes over %s', (protocol, transport) => {
    for (const { expected } of fixturesWhere(({ ClientRequestProtocol }) => ClientRequestProtocol === protocol)) {
      expect(expected.network).toMatchObject({ transport, protocol: 'http' });
      expect((expected.network as JsonObject).application).toBe(transport === 'udp' ? 'quic' : undefined);
    }
  });

  it('weakness 27: the scheme is the one that was asked for, never a guess', () => {
    expect(stream.presets.standard).toContain('ClientRequestScheme');
    for (const { record, expected } of fixtures) expect((expected.url as JsonObject | undefined)?.scheme).toBe(record.ClientRequestScheme || undefined);
  });

  it('weakness 29: the one handler of failures names processor and tag and keeps the original', () => {
    const { processors, on_failure } = toPipeline(stream, { packageName: definition.name, version: definition.version });
    expect(processors.some((processor) => 'pipeline' in processor)).toBe(false);
    const text = JSON.stringify(on_failure);
    for (const part of ['on_failure_processor_type', 'on_failure_processor_tag', '_ingest.pipeline', 'on_failure_message', 'preserve_original_event'])
      expect(text).toContain(part);
  });

  describeEngine('on an engine', () => {
    let server: ServerRunner | undefined;
    beforeAll(async () => {
      server = await openServerRunner(engine, `test-weaknesses-logpull-${process.pid}`, stream);
    });
    afterAll(() => server?.close());

    it('weakness 29: a line that is no JSON is stored with what failed, where, and the original', async () => {
      const [stored] = (await server?.run([envelopeOf('{"RayID":')])) ?? [];
      expect(stored?.document).toMatchObject({
        event: { kind: 'pipeline_error', original: '{"RayID":' },
        error: { message: [expect.stringMatching(/^Processor json with tag \w+ in pipeline \S+ failed with message: /)] },
        tags: ['preserve_original_event'],
      });
    });
  });
});
