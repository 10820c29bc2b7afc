import { describe, expect, it } from 'vitest';
import { ACCOUNT_ACTIONS } from '../../_dev/cloudflare/audit/account-actions.ts';
import { USER_ACTIONS } from '../../_dev/cloudflare/audit/actions.ts';
import { createActors } from '../../_dev/cloudflare/audit/actors.ts';
import { createEventMaker } from '../../_dev/cloudflare/audit/draw-event.ts';
import { toEventV2 } from '../../_dev/cloudflare/audit/to-event-v2.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { compileRunner } from '../../src/pipeline/local/compile-runner.ts';
import { childOf, type JsonObject, type JsonValue } from '../../src/pipeline/value.ts';
import { readFixtures } from './read-fixtures.ts';

const stream = (await readDefinition('.')).streams.find(({ name }) => name === 'audit');
if (stream === undefined) throw new Error('there is no data stream audit');
const fixtures = readFixtures('audit');
const run = compileRunner(stream);

const VERSIONS = ['v1', 'v2'] as const;
type Version = (typeof VERSIONS)[number];

function valueAt(document: JsonObject, path: string): JsonValue | undefined {
  return path.split('.').reduce<JsonValue | undefined>((value, key) => childOf(value, key), document);
}

function mapped(record: unknown, source: Version): JsonObject {
  return run({ message: JSON.stringify(record), _conf: { source, account_id: 'a1' } }, new Date(0)).document;
}

/** What of `wanted` no document has in the field. */
function listMissing(documents: readonly JsonObject[], field: string, wanted: readonly string[]): readonly string[] {
  const found = new Set(documents.map((document) => valueAt(document, field)));
  return wanted.filter((value) => !found.has(value));
}

/** Events as the simulated API draws them, which knows nothing of the declarations. */
function drawDocuments(source: Version): readonly JsonObject[] {
  const account = { id: '4a7b1c0de5f26839a1b2c3d4e5f60718', name: 'Example Account' };
  const maker = createEventMaker({ ownerId: account.id, salt: 7, actors: createActors(7), actions: [...USER_ACTIONS, ...ACCOUNT_ACTIONS] });
  const events = Array.from({ length: 3000 }, (_, index) => maker.draw({ bucket: 1, index }, '2026-11-20T08:00:00Z').event);
  const shown = source === 'v1' ? events : events.flatMap((event) => toEventV2(event, account) ?? []);
  return shown.map((record) => mapped(record, source));
}

describe('the severities of audit', () => {
  it.each(VERSIONS)('each win in some fixture of %s', (version) => {
    const documents = fixtures.filter(({ expected }) => valueAt(expected, 'cloudflare.audit.api') === version).map(({ expected }) => expected);
    const reasons = stream.rules.flatMap(({ grade }) => grade?.reason ?? []);
    expect(reasons.length).toBeGreaterThan(10);
    expect(listMissing(documents, 'cloudflare.severity.reason', reasons)).toEqual([]);
  });

  it('are said of every fixture', () => {
    expect(fixtures.filter(({ expected }) => valueAt(expected, 'event.severity') === undefined).map(({ name }) => name)).toEqual([]);
  });
});

describe('the groups of audit', () => {
  const origin = stream.fields.find(({ name }) => name === 'cloudflare.audit.resource.group')?.origin;
  const groups = origin?.kind === 'group' ? Object.keys(origin.groups) : [];

  it('each have a fixture', () => {
    const documents = fixtures.map(({ expected }) => expected);
    expect(groups.length).toBeGreaterThan(15);
    expect(listMissing(documents, 'cloudflare.audit.resource.group', groups)).toEqual([]);
  });

  it('take in all but a few of the events that are known', () => {
    const samples = fixtures.filter(({ name }) => name.startsWith('test-audit-samples.json'));
    const sets: Readonly<Record<string, readonly JsonObject[]>> = {
      'samples of the API': samples.map(({ expected }) => expected),
      'other fixtures': fixtures.filter((fixture) => !samples.includes(fixture)).map(({ expected }) => expected),
      'simulated events of version 1': drawDocuments('v1'),
      'simulated events of version 2': drawDocuments('v2'),
    };
    const none = (documents: readonly JsonObject[]): number =>
      documents.filter((document) => valueAt(document, 'cloudflare.audit.resource.group') === undefined).length;
    for (const [name, documents] of Object.entries({ ...sets, all: Object.values(sets).flat() })) {
      const share = none(documents) / documents.length;
      console.log(`${name}: ${none(documents)} of ${documents.length} events fall into no group (${(100 * share).toFixed(1)} %)`);
    }
    expect(samples.length).toBeGreaterThanOrEqual(15);
    const withAction = Object.values(sets).map((documents) => documents.filter((document) => valueAt(document, 'event.action') !== undefined));
    for (const documents of [...withAction, Object.values(sets).flat()]) expect(none(documents) / documents.length).toBeLessThan(0.05);
  });
});
