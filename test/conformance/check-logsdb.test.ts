import { expect, it } from 'vitest';
import { checkLogsdb } from '../../_dev/conformance/check-logsdb.ts';
import { type Data, type PackageUnderTest, readPackage } from '../../_dev/conformance/package-under-test.ts';
import { askEngine } from '../../_dev/elasticsearch/ask-engine.ts';
import type { PackageDefinition, StreamDefinition } from '../../src/definition/definition.ts';
import { definition as base } from '../compile/definition.ts';
import { engineOrSkip } from '../engines.ts';

const { engine, describeEngine } = await engineOrSkip();

/** Another name for each check: some engines cannot delete a data stream. */
let checks = 0;
const toPrefix = (): string => `conformance_test_${process.pid}_${checks}`;

function field(name: string, type: string, mapping: object = {}): StreamDefinition['fields'][number] {
  return { name, type, description: name, ecs: false, array: false, origin: { kind: 'elsewhere' }, mapping: { ...mapping } };
}

const stream: StreamDefinition = {
  ...(base.streams[2] as StreamDefinition),
  name: 's',
  fields: [
    field('@timestamp', 'date'),
    field('t.word', 'keyword', { ignore_above: 8 }),
    field('t.count', 'long'),
    field('t.ip', 'ip'),
    field('t.place', 'geo_point'),
    field('t.rest', 'flattened'),
  ],
};
const definition: PackageDefinition = { ...base, streams: [stream] };

function toTested(expected: readonly Data[]): PackageUnderTest {
  const fields = stream.fields.map(({ name, type }) => ({ name, type, description: name }));
  const folder = 'data_stream/s';
  const fixture = `${folder}/_dev/test/pipeline/test-s.json`;
  return readPackage(
    new Map([
      [`${folder}/manifest.yml`, 'title: S'],
      [`${folder}/fields/fields.yml`, JSON.stringify(fields)],
      [fixture, JSON.stringify({ events: expected })],
      [`${fixture}-expected.json`, JSON.stringify({ expected })],
    ]),
  );
}

const document = {
  '@timestamp': '2026-01-01T00:00:00.000Z',
  t: { word: ['b', 'a', 'a'], count: 7, ip: '2001:DB8::1', place: { lat: 51.5, lon: -0.1 }, rest: { b: { c: '1' } } },
};

async function check(documents: readonly Data[]): ReturnType<typeof checkLogsdb> {
  checks += 1;
  return await checkLogsdb({ engine, definition, tested: toTested(documents), prefix: toPrefix() });
}

describeEngine('checkLogsdb', () => {
  it('stores, reads back and asks both modes, and leaves nothing behind', async () => {
    const row = await check([document, { '@timestamp': '2026-01-02T00:00:00.000Z' }]);
    if (row.result === 'owed') expect(row.notes.join()).toContain('logsdb');
    else expect(row).toMatchObject({ result: 'ok', notes: [expect.stringMatching(/^2 documents, 6 fields/)] });
    // Without this API a data stream cannot be deleted, and holds its templates.
    if (!engine.capabilities.dataStreamApi) return;
    const { status } = await askEngine(engine, { path: `/_component_template/${toPrefix()}_logsdb@custom` });
    expect(status).toBe(404);
  });

  it.each([
    ['a document that is refused', { '@timestamp': undefined }, /refused in mode logsdb: .*test-s\.json-expected\.json\[1\]/],
    ['a value that is ignored', { t: { word: 'much too long' } }, /\[1\]: t\.word is ignored in mode logsdb/],
  ])('finds %s', async (_what, broken, says) => {
    const row = await check([document, { '@timestamp': '2026-01-02T00:00:00.000Z', ...broken }]);
    if (row.result === 'owed') return;
    expect(row.result).toBe('fault');
    expect(row.notes.join('\n')).toMatch(says);
  });
});
