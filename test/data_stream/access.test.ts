import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { compileRunner } from '../../src/pipeline/local/compile-runner.ts';
import { childOf, type JsonObject, type JsonValue } from '../../src/pipeline/value.ts';
import { readFixtures } from './read-fixtures.ts';

const stream = (await readDefinition('.')).streams.find(({ name }) => name === 'access');
if (stream === undefined) throw new Error('there is no data stream access');
const fixtures = readFixtures('access');
const run = compileRunner(stream);

function valueAt(document: JsonObject, path: string): JsonValue | undefined {
  return path.split('.').reduce<JsonValue | undefined>((value, key) => childOf(value, key), document);
}

const record = {
  user_email: 'ann@example.com',
  ip_address: '81.2.69.142',
  app_uid: '3f1b6a44-90f2-4f27-8c15-4f6c6a0b8e11',
  app_domain: 'wiki.example.com',
  action: 'login',
  connection: 'onetimepin',
  allowed: true,
  created_at: '2026-11-19T08:00:00Z',
  ray_id: '9a1b2c3d4e5f6080',
};

function map(changed: Readonly<Record<string, unknown>> = {}): { readonly id: string; readonly document: JsonObject } {
  return run({ message: JSON.stringify({ ...record, ...changed }), _conf: { source: 'access_requests', account_id: 'a1' } }, new Date(0));
}

describe('the Access stream', () => {
  it('drops no field of a record', () => {
    const read = new Set(stream.fields.flatMap(({ origin }) => (origin.kind === 'record' ? origin.from : [])));
    expect(Object.keys(record).filter((path) => !read.has(path))).toEqual([]);
  });

  it('has at least 15 fixtures, each with one sentence that says what happened', () => {
    expect(fixtures.length).toBeGreaterThanOrEqual(15);
    for (const { expected } of fixtures) expect(expected.message).toMatch(/^\S+ (performed \S|did something unknown)/);
  });

  it('gives records that are equal in the whole tuple one id, whatever else they say, and others another', () => {
    const { id } = map();
    expect(map({ app_domain: 'other.example.com', country: 'gb' }).id).toBe(id);
    const others = stream.sources[0]?.id.map((path) => map({ [path]: path === 'allowed' ? false : `${record.created_at.slice(0, 18)}5Z` }).id) ?? [];
    expect(others).toHaveLength(8);
    expect(new Set([id, ...others]).size).toBe(9);
  });

  it.each([
    ['login', true, ['authentication'], ['start']],
    ['LOGIN', false, ['authentication'], ['start']],
    ['login', undefined, ['authentication'], ['start']],
    ['logout', true, ['authentication', 'session'], ['end']],
    ['logout', false, ['authentication', 'session'], ['end']],
    ['identity_refresh', true, ['authentication'], ['info']],
    [undefined, undefined, ['authentication'], ['info']],
  ])('makes of the action %s with allowed %s the categories %j and types %j', (action, allowed, category, type) => {
    const { document } = map({ action, allowed });
    expect([valueAt(document, 'event.category'), valueAt(document, 'event.type')]).toEqual([category, type]);
    expect(valueAt(document, 'event.outcome')).toBe(allowed === undefined ? undefined : allowed ? 'success' : 'failure');
  });

  it('calls an outcome that nobody documents unknown, and keeps the event', () => {
    const { document } = map({ allowed: 'pending' });
    expect(valueAt(document, 'event.outcome')).toBe('unknown');
    expect(valueAt(document, 'event.kind')).toBe('pipeline_error');
    expect(valueAt(document, 'user.email')).toBe('ann@example.com');
  });

  it.each([
    ['test.example.com/admin', 'test.example.com', '/admin'],
    ['wiki.example.com', 'wiki.example.com', undefined],
    ['Wiki.Example.com:8443/a/b', 'wiki.example.com', '/a/b'],
    ['/admin', undefined, '/admin'],
  ])('reads of the application %s the host %s and the path %s', (app_domain, domain, path) => {
    const { document } = map({ app_domain });
    expect([valueAt(document, 'url.domain'), valueAt(document, 'url.path')]).toEqual([domain, path]);
    expect(valueAt(document, 'url.original')).toBe(app_domain);
  });
});
