import { BlockList, isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import { findEcsField } from '../../src/definition/ecs.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { compileRunner } from '../../src/pipeline/local/compile-runner.ts';
import { childOf, type JsonObject, type JsonValue } from '../../src/pipeline/value.ts';
import { readFixtures } from './read-fixtures.ts';

const stream = (await readDefinition('.')).streams.find(({ name }) => name === 'audit');
if (stream === undefined) throw new Error('there is no data stream audit');
const fixtures = readFixtures('audit');
const run = compileRunner(stream);

function valueAt(document: JsonObject, path: string): JsonValue | undefined {
  return path.split('.').reduce<JsonValue | undefined>((value, key) => childOf(value, key), document);
}

/** What the pipeline makes of a record that is no fixture. */
function mapped(record: Readonly<Record<string, unknown>>, source = 'v1'): JsonObject {
  return run({ message: JSON.stringify(record), _conf: { source, account_id: 'a1' } }, new Date(0)).document;
}

const sourceOf = ({ event }: (typeof fixtures)[number]): unknown => childOf(event._conf as JsonObject, 'source');

/** Facts: every path of the records of both versions of the API, and of the variant for organizations. */
const recordPaths = [
  ...['id', 'when', 'action.type', 'action.result', 'action.info', 'actor.id', 'actor.email', 'actor.ip', 'actor.type', 'interface', 'metadata'],
  ...['newValue', 'oldValue', 'newValueJson', 'oldValueJson', 'owner.id', 'resource.id', 'resource.type'],
  ...['account.id', 'account.name', 'action.description', 'action.time', 'actor.context', 'actor.ip_address', 'actor.token_id', 'actor.token_name'],
  ...['raw.cf_ray_id', 'raw.method', 'raw.status_code', 'raw.uri', 'raw.user_agent', 'resource.product', 'resource.request', 'resource.response'],
  ...['resource.scope', 'zone.id', 'zone.name', 'organization.id'],
];

describe('the audit stream', () => {
  it('drops no field of a record', () => {
    const read = new Set(stream.fields.flatMap(({ origin }) => (origin.kind === 'record' ? origin.from : [])));
    expect(recordPaths.filter((path) => !read.has(path))).toEqual([]);
  });

  it('has at least 40 fixtures of version 1 and 30 of version 2', () => {
    expect(fixtures.filter((fixture) => sourceOf(fixture) === 'v1').length).toBeGreaterThanOrEqual(40);
    expect(fixtures.filter((fixture) => sourceOf(fixture) === 'v2').length).toBeGreaterThanOrEqual(30);
  });

  it('says in each document which API it is of, and in one sentence what happened', () => {
    for (const fixture of fixtures) {
      expect(valueAt(fixture.expected, 'cloudflare.audit.api')).toBe(sourceOf(fixture));
      expect(fixture.expected.message).toMatch(/^\S.* performed \S/);
    }
  });

  it('has only addresses in its fixtures that belong to nobody', () => {
    const allowed = new BlockList();
    const ranges =
      '1.128.0.0/11 175.16.199.0/24 216.160.83.56/29 81.2.69.142/31 81.2.69.144/31 81.2.69.192/28 89.160.20.112/28 89.160.20.128/25 67.43.156.0/24';
    for (const range of `${ranges} 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24`.split(' ')) {
      const [address = '', bits] = range.split('/');
      allowed.addSubnet(address, Number(bits), 'ipv4');
    }
    allowed.addSubnet('2a02:cf40::', 29, 'ipv6');
    const texts = fixtures.flatMap(({ event }) => event.message.match(/\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{1,4}(?:::?[0-9a-f]{1,4}){2,}/gi) ?? []);
    const addresses = texts.filter((text) => isIP(text) !== 0);
    expect(addresses.length).toBeGreaterThan(50);
    expect(addresses.filter((text) => !allowed.check(text, isIP(text) === 6 ? 'ipv6' : 'ipv4'))).toEqual([]);
  });

  it('gives every event with an action a category and a type, in lists and in pairs of ECS', () => {
    const categories = findEcsField('event.category')?.allowed_values ?? [];
    for (const { expected } of fixtures.filter((fixture) => valueAt(fixture.expected, 'event.action') !== undefined)) {
      const [category, type] = ['event.category', 'event.type'].map((path) => valueAt(expected, path));
      expect([Array.isArray(category), Array.isArray(type)]).toEqual([true, true]);
      const fitting = categories.filter(({ name }) => [category].flat().includes(name)).flatMap(({ expected_event_types = [] }) => expected_event_types);
      expect(fitting).toEqual(expect.arrayContaining([type].flat()));
    }
  });
});

describe('the categories of audit', () => {
  it.each([
    ['widget_added', undefined, ['configuration'], ['creation']],
    ['create', 'never_heard_of', ['configuration'], ['creation']],
    ['widget_delete', undefined, ['configuration'], ['deletion']],
    ['revoke', 'certificate', ['configuration'], ['deletion']],
    ['WIDGET_UPDATE', undefined, ['configuration'], ['change']],
    ['rotate_widget', undefined, ['configuration'], ['change']],
    ['view', 'widget', ['configuration'], ['access']],
    ['address', undefined, ['configuration'], ['info']],
    ['create', 'Account_Member', ['iam'], ['creation', 'user']],
    ['delete', 'api_token', ['iam'], ['deletion', 'admin']],
    ['rotate_API_key', 'api_key', ['iam'], ['change', 'admin']],
    ['API_key_view', 'api_key', ['iam', 'configuration'], ['access', 'admin']],
    ['Login', 'user', ['authentication'], ['start']],
    ['logout', 'user', ['authentication'], ['end']],
    ['delete', 'session', ['authentication', 'session'], ['end']],
  ])('of %s on %s', (type, resource, category, types) => {
    const document = mapped({ id: '1', action: { type }, resource: { type: resource } });
    expect([valueAt(document, 'event.category'), valueAt(document, 'event.type')]).toEqual([category, types]);
  });

  it.each([
    [true, 'success'],
    [false, 'failure'],
    ['success', 'success'],
    ['Failure', 'failure'],
    ['partial', 'unknown'],
    ['', undefined],
    [null, undefined],
  ])('take the result %j for the outcome %s', (result, outcome) => {
    expect(valueAt(mapped({ id: '1', action: { type: 'add', result } }), 'event.outcome')).toBe(outcome);
  });

  it('write the kind of actor and of resource in one case', () => {
    const document = mapped({ id: '1', actor: { type: 'Cloudflare_admin' }, resource: { type: 'DNS_record', product: 'DNS_Records' } }, 'v2');
    expect(valueAt(document, 'cloudflare.audit.actor.type')).toBe('cloudflare_admin');
    expect(valueAt(document, 'cloudflare.audit.resource')).toEqual({ type: 'dns_record', product: 'dns_records', group: 'dns' });
  });
});
