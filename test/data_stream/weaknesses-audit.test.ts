import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileAgentTemplate } from '../../src/compile/compile-agent-template.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { toPipeline } from '../../src/pipeline/elasticsearch/to-pipeline.ts';
import { compileRunner, type Envelope } from '../../src/pipeline/local/compile-runner.ts';
import { isAbsent, isObject, type JsonObject, type JsonValue } from '../../src/pipeline/value.ts';
import { renderAgentTemplate } from '../compile/render-agent-template.ts';
import { engineOrSkip } from '../engines.ts';
import { openServerRunner, type ServerRunner } from '../pipeline/server-runner.ts';
import { type Fixture, readFixtures } from './read-fixtures.ts';

const { engine, describeEngine } = await engineOrSkip({ ingest: true });
const definition = await readDefinition('.');
const found = definition.streams.find(({ name }) => name === 'audit');
if (found === undefined) throw new Error('there is no data stream audit');
const stream = found;
const fixtures = readFixtures('audit');
const run = compileRunner(stream);

const envelopeOf = (record: Readonly<Record<string, unknown>>, source = 'v1'): Envelope => ({
  message: JSON.stringify(record),
  _conf: { source, account_id: 'a1' },
});

function valueAt(document: JsonObject | undefined, path: string): JsonValue | undefined {
  return path.split('.').reduce<JsonValue | undefined>((value, key) => (isObject(value) ? value[key] : undefined), document);
}

/** The fixtures whose record is such; there is at least one. */
function fixturesWhere(test: (record: JsonObject) => boolean): readonly Fixture[] {
  const chosen = fixtures.filter(({ event }) => test(JSON.parse(event.message) as JsonObject));
  expect(chosen.length).toBeGreaterThan(0);
  return chosen;
}

const loginFailed = envelopeOf({ id: '1', when: '2026-11-18T09:00:00Z', action: { type: 'login', result: false }, actor: { email: 'a@example.com' } });
const unlisted = ['widget_add', 'widget_delete', 'widget_rotate', 'view_widget', 'frobnicate'].map((type) => envelopeOf({ id: type, action: { type } }));
const badAddress = envelopeOf({ id: '2', when: '2026-11-18T09:00:00Z', action: { type: 'add' }, actor: { ip: 'gateway.example.com', email: 'a@example.com' } });
const celError: Envelope = { error: { message: 'reading audit of account a1: Cloudflare answered 403' }, _conf: { source: 'v1', account_id: 'a1' } };

const unlistedTypes = [['creation'], ['deletion'], ['change'], ['access'], ['info']];

function expectFailedLogin(document: JsonObject | undefined): void {
  expect(document).toMatchObject({ event: { category: ['authentication'], type: ['start'], outcome: 'failure', kind: 'event' } });
}

function expectAddress(document: JsonObject | undefined): void {
  expect(document).toMatchObject({
    source: { address: 'gateway.example.com' },
    event: { kind: 'event', type: ['creation'] },
    user: { email: 'a@example.com' },
  });
  expect(valueAt(document, 'source.ip')).toBeUndefined();
  expect(document).not.toHaveProperty('error');
}

describe("what Elastic's package gets wrong about audit logs", () => {
  it('weakness 1: version 2 of the API is read, beside version 1 or in its place', () => {
    const v2 = stream.sources.find(({ name }) => name === 'v2');
    expect(v2).toMatchObject({
      request: { path: '/accounts/{account_id}/logs/audit' },
      page: { cursor: 'cursor', from: ['result_info.cursor', 'result_info.cursors.after'] },
      continues: 'v1',
    });
    const fields = [
      'account.name',
      'actor.context',
      'actor.token_id',
      'raw.user_agent',
      'resource.product',
      'resource.request',
      'resource.response',
      'zone.id',
    ];
    const read = stream.fields.flatMap(({ origin }) => (origin.kind === 'record' ? origin.from : []));
    expect(read).toEqual(expect.arrayContaining(fields));
    expect(fixtures.filter(({ expected }) => valueAt(expected, 'cloudflare.audit.api') === 'v2').length).toBeGreaterThanOrEqual(30);
  });

  it('weakness 15: action.info stays, and what metadata often holds stands in fields of its own', () => {
    for (const { expected, event } of fixturesWhere(({ action }) => isObject(action) && !isAbsent(action.info))) {
      const { info } = (JSON.parse(event.message) as { readonly action: { readonly info: string } }).action;
      expect(valueAt(expected, 'cloudflare.audit.action.info')).toBe(info);
    }
    for (const { expected } of fixturesWhere(({ metadata }) => isObject(metadata) && typeof metadata.zone_name === 'string')) {
      expect(valueAt(expected, 'cloudflare.audit.zone.name')).toBe(valueAt(expected, 'cloudflare.audit.metadata.zone_name'));
      expect(valueAt(expected, 'related.hosts')).toContain(valueAt(expected, 'cloudflare.audit.zone.name'));
    }
    for (const { expected } of fixturesWhere(({ metadata }) => isObject(metadata) && typeof metadata.token_name === 'string')) {
      expect(valueAt(expected, 'cloudflare.audit.token.name')).toBe(valueAt(expected, 'cloudflare.audit.metadata.token_name'));
    }
  });

  it('weakness 16: related.user has e-mail addresses and no ids, related.hosts is filled, so are event.id and event.outcome', () => {
    for (const { expected } of fixturesWhere(({ actor }) => isObject(actor) && !isAbsent(actor.email))) {
      expect(valueAt(expected, 'related.user')).toContain(valueAt(expected, 'user.email'));
      expect(valueAt(expected, 'related.user')).not.toContain(valueAt(expected, 'user.id'));
    }
    for (const { expected } of fixtures) expect(valueAt(expected, 'event.id')).toEqual(expect.any(String));
    for (const { expected } of fixturesWhere(({ action }) => isObject(action) && typeof action.result === 'boolean'))
      expect(valueAt(expected, 'event.outcome')).toMatch(/^(success|failure)$/);
    for (const { expected } of fixtures.filter((fixture) => valueAt(fixture.expected, 'source.ip') !== undefined))
      expect(valueAt(expected, 'related.ip')).toEqual([valueAt(expected, 'source.ip')]);
  });

  it('weakness 20: a failed login is a failure', () => {
    expectFailedLogin(run(loginFailed, new Date(0)).document);
    for (const { expected } of fixturesWhere(
      ({ action }) => isObject(action) && action.type === 'login' && [false, 'failure'].includes(action.result as string),
    ))
      expectFailedLogin(expected);
  });

  it('weakness 21: actions that nobody listed have a category and a type, in lists', () => {
    const events = unlisted.map((event) => run(event, new Date(0)).document.event);
    expect(events).toEqual(unlistedTypes.map((type) => expect.objectContaining({ category: ['configuration'], type }) as object));
  });

  it('weakness 24: an actor.ip that is no address stays as address, and the event is whole', () => {
    expectAddress(run(badAddress, new Date(0)).document);
    for (const { expected } of fixturesWhere(({ actor }) => isObject(actor) && actor.ip === 'unknown')) {
      expect(valueAt(expected, 'source')).toEqual({ address: 'unknown' });
      expect(valueAt(expected, 'event.category')).toEqual(['authentication']);
    }
  });

  it('weakness 25: errors of the Elastic Agent program are for its log and never become documents', () => {
    const config = renderAgentTemplate(String(compileAgentTemplate(stream, definition)), {
      api_url: 'https://api.example.com',
      interval: '5m',
      account_id: ['a1'],
    });
    expect(config.processors).toContainEqual({ drop_event: { when: { or: [{ equals: { '_conf.empty': true } }, { has_fields: ['error.message'] }] } } });
  });

  it('weakness 25: an error that came through all the same keeps its words', () => {
    const { document } = run(celError, new Date(0));
    expect(valueAt(document, 'error.message')).toEqual(expect.arrayContaining(['reading audit of account a1: Cloudflare answered 403']));
  });
});

describeEngine("what Elastic's package gets wrong about audit logs, on an engine", () => {
  let server: ServerRunner | undefined;
  let documents: readonly (JsonObject | undefined)[] = [];
  beforeAll(async () => {
    server = await openServerRunner(engine, `test-weaknesses-audit-${process.pid}`, stream);
    const stored = await server.run([loginFailed, badAddress, celError, ...unlisted]);
    documents = stored.map(({ document }) => document);
  });
  afterAll(() => server?.close());

  it('weakness 20: a failed login is a failure', () => expectFailedLogin(documents[0]));

  it('weakness 21: actions that nobody listed have a category and a type, in lists', () => {
    const events = documents.slice(3).map((document) => valueAt(document, 'event'));
    expect(events).toEqual(unlistedTypes.map((type) => expect.objectContaining({ category: ['configuration'], type }) as object));
  });

  it('weakness 24: an actor.ip that is no address stays as address, and the event is whole', () => expectAddress(documents[1]));

  it('weakness 25: an error that came through all the same keeps its words', () => {
    expect(valueAt(documents[2], 'error.message')).toEqual(expect.arrayContaining(['reading audit of account a1: Cloudflare answered 403']));
  });

  it('weakness 25: no processor of ours can lose an event that has no record', () => {
    const pipeline = toPipeline(stream, { packageName: 'cloudflare_api', version: '0.1.0' });
    expect(JSON.stringify(pipeline)).not.toContain('ignore_failure');
    // What a declared rule leaves out, the mapping has found in a record.
    const drops = pipeline.processors.flatMap(({ drop }) => (drop === undefined ? [] : [drop]));
    expect(drops).toEqual(stream.drops.map(({ name }) => ({ tag: `drop_${name}`, if: `ctx._conf?.dropped == '${name}'` })));
    expect(run({ ...celError, _conf: { ...(celError._conf as object), dropped: stream.drops[0]?.name } }, new Date(0)).dropped).toBeUndefined();
  });
});
