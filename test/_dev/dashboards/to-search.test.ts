import { describe, expect, it } from 'vitest';
import type { StoredColumn } from '../../../_dev/dashboards/saved-object/stored.ts';
import { chooseIntervalMs } from '../../../_dev/dashboards/search/choose-interval.ts';
import { findFields } from '../../../_dev/dashboards/search/find-fields.ts';
import { toRows } from '../../../_dev/dashboards/search/to-rows.ts';
import { toSearch } from '../../../_dev/dashboards/search/to-search.ts';
import { COUNT, readSmallDashboard, type SmallDashboard, TIME, termsOf } from './small-dashboard.ts';

const HOUR = 3_600_000;
const range = { from: Date.UTC(2026, 10, 20), to: Date.UTC(2026, 10, 20, 12) };
const DATASET = { match_phrase: { 'data_stream.dataset': 'cloudflare_api.audit' } };
const WHEN = { range: { '@timestamp': { gte: range.from, lt: range.to, format: 'epoch_millis' } } };

function searchOf(given: SmallDashboard) {
  const { dashboard, panel } = readSmallDashboard(given);
  return toSearch(dashboard, panel, { layer: layerOf(given), range });
}

function layerOf(given: SmallDashboard) {
  const [layer] = readSmallDashboard(given).panel.layers;
  if (layer === undefined) throw new Error('the small dashboard has no layer');
  return layer;
}

const metric = (operationType: string, sourceField: string, more: object = {}): StoredColumn => ({ ...COUNT, operationType, sourceField, ...more });
const aggsOf = (columns: SmallDashboard['columns']) => searchOf({ ...(columns && { columns }) }).body.aggs;

describe('the search of a panel', () => {
  it('is narrowed by time, dashboard and panel', () => {
    const { index, body } = searchOf({ kql: 'event.outcome: "failure"' });
    expect(index).toBe('logs-*');
    expect(body.query).toEqual({ bool: { filter: [WHEN, DATASET, DATASET, { match_phrase: { 'event.outcome': 'failure' } }] } });
    expect(body.aggs).toBeUndefined();
  });

  it('leaves out what the dashboard says where the layer ignores it', () => {
    expect(searchOf({ ignoreGlobalFilters: true }).body.query).toEqual({ bool: { filter: [WHEN, DATASET] } });
  });

  it('nests buckets as the columns are ordered, metrics in the innermost', () => {
    const columns = { who: termsOf('user.email'), time: TIME, count: COUNT, most: metric('max', 'event.severity') };
    expect(aggsOf(columns)).toEqual({
      who: {
        terms: { field: 'user.email', size: 3, order: { _count: 'desc' } },
        aggs: {
          time: {
            date_histogram: { field: '@timestamp', calendar_interval: '1h', min_doc_count: 1 },
            aggs: { most: { max: { field: 'event.severity' } } },
          },
        },
      },
    });
  });

  it.each<[string, StoredColumn, object]>([
    ['unique_count', metric('unique_count', 'source.ip'), { cardinality: { field: 'source.ip' } }],
    ['average', metric('average', 'a'), { avg: { field: 'a' } }],
    ['sum', metric('sum', 'a'), { sum: { field: 'a' } }],
    ['median', metric('median', 'a'), { percentiles: { field: 'a', percents: [50], keyed: false } }],
    ['percentile', metric('percentile', 'a', { params: { percentile: 95 } }), { percentiles: { field: 'a', percents: [95], keyed: false } }],
    ['count of a field', metric('count', 'a'), { value_count: { field: 'a' } }],
    ['last_value', metric('last_value', 'a', { params: { sortField: 'b' } }), { top_hits: { size: 1, _source: false, fields: ['a'], sort: [{ b: 'desc' }] } }],
    ['count with a filter', { ...COUNT, filter: { language: 'kuery', query: 'a: 1' } }, { filter: { match: { a: '1' } } }],
    [
      'sum with a filter',
      metric('sum', 'b', { filter: { language: 'kuery', query: 'a: 1' } }),
      { filter: { match: { a: '1' } }, aggs: { filtered: { sum: { field: 'b' } } } },
    ],
  ])('%s', (_, column, aggregation) => {
    expect(aggsOf({ value: column })).toEqual({ value: aggregation });
  });

  it.each([
    ['a sum', metric('sum', 'a'), 'count', { count: { sum: { field: 'a' } } }],
    ['a percentile', metric('percentile', 'a', { params: { percentile: 95 } }), 'count.95', { count: { percentiles: expect.anything() } }],
    ['a filtered count', { ...COUNT, filter: { language: 'kuery', query: 'b: 1' } }, 'count._count', { count: { filter: expect.anything() } }],
    [
      'a filtered sum',
      metric('sum', 'a', { filter: { language: 'kuery', query: 'b: 1' } }),
      'count>filtered',
      { count: { filter: expect.anything(), aggs: expect.anything() } },
    ],
  ])('orders by %s', (_, count, path, aggs) => {
    expect(aggsOf({ who: termsOf('user.email'), count })).toEqual({
      who: { terms: { field: 'user.email', size: 3, order: { [path]: 'desc' } }, aggs },
    });
  });

  it('knows filters, empty rows, missing values and chosen ones', () => {
    const filters = [
      { input: { language: 'kuery', query: 'a >= 500' }, label: '5xx' },
      { input: { language: 'kuery', query: '' }, label: '' },
    ];
    const column = { ...TIME, operationType: 'filters', params: { filters } };
    expect(aggsOf({ class: column, count: COUNT })).toEqual({
      class: { filters: { filters: { '5xx': { range: { a: { gte: '500' } } }, '*': { match_all: {} } } } },
    });
    const time = { ...TIME, params: { interval: 'auto', includeEmptyRows: true } };
    expect(aggsOf({ time, count: COUNT })?.time).toMatchObject({
      date_histogram: { fixed_interval: `${10 * 60_000}ms`, min_doc_count: 0, extended_bounds: { min: range.from, max: range.to - 1 } },
    });
    const terms = termsOf('a', { missingBucket: true, include: ['x'], exclude: ['y.*'], excludeIsRegex: true });
    expect(aggsOf({ terms, count: COUNT })?.terms).toMatchObject({ terms: { missing: '(missing value)', include: ['x'], exclude: 'y.*' } });
  });

  it.each<[string, SmallDashboard['columns'], RegExp]>([
    ['formula', { a: metric('formula', 'x') }, /column Events: the operation formula is not known here/],
    ['range', { a: { ...TIME, operationType: 'range' }, count: COUNT }, /column @timestamp: the operation range is not known here/],
    ['timeShift', { a: { ...COUNT, timeShift: '1w' } }, /timeShift is not known here/],
    ['a metric without field', { a: { operationType: 'sum', label: 'S', dataType: 'number', isBucketed: false } }, /column S: sum needs a field/],
    ['several fields', { a: termsOf('x', { secondaryFields: ['y'] }), count: COUNT }, /several fields in one bucket/],
    ['rare values', { a: termsOf('x', { orderBy: { type: 'rare', maxDocCount: 1 } }), count: COUNT }, /the order rare is not known here/],
    ['an order by nothing', { a: termsOf('x'), other: COUNT }, /ordered by a column that is no metric of its layer/],
  ])('refuses %s', (_, columns, message) => {
    expect(() => aggsOf(columns)).toThrow(message);
  });

  it('names every field that it looks at', () => {
    const columns = {
      who: termsOf('user.email'),
      count: COUNT,
      last: metric('last_value', 'source.ip', { params: { sortField: '@timestamp' } }),
      high: metric('sum', 'x', { filter: { language: 'kuery', query: 'y > 1 or z: * or w: a*' } }),
    };
    const found = findFields(searchOf({ columns, kql: 'event.outcome: failure' }));
    expect(found).toEqual(['@timestamp', 'data_stream.dataset', 'event.outcome', 'source.ip', 'user.email', 'w', 'x', 'y', 'z']);
  });

  it.each([
    [HOUR, 60_000],
    [12 * HOUR, 10 * 60_000],
    [24 * HOUR, 30 * 60_000],
    [7 * 24 * HOUR, 3 * HOUR],
    [30 * 24 * HOUR, 12 * HOUR],
  ])('cuts %i ms into bars of %i ms', (length, step) => {
    expect(chooseIntervalMs({ from: 0, to: length })).toBe(step);
  });
});

describe('the rows of an answer', () => {
  it('stand for the innermost buckets', () => {
    const columns = {
      flag: termsOf('x'),
      kind: { ...TIME, operationType: 'filters', params: { filters: [] } },
      count: { ...COUNT, params: { emptyAsNull: true } },
      half: metric('median', 'a'),
    };
    const kind = (count: number, value: number | null) => ({ buckets: { good: { doc_count: count, half: { values: [{ value }] } } } });
    const buckets = [
      { key: 1, key_as_string: 'true', doc_count: 3, kind: kind(3, 7.5) },
      { key: 'other', doc_count: 1, kind: kind(0, null) },
    ];
    expect(toRows(layerOf({ columns }), { hits: { total: { value: 4 } }, aggregations: { flag: { buckets } } })).toEqual([
      { flag: 'true', kind: 'good', count: 3, half: 7.5 },
      { flag: 'other', kind: 'good', count: null, half: null },
    ]);
  });

  it('without buckets are one', () => {
    const columns = {
      count: COUNT,
      few: { ...COUNT, filter: { language: 'kuery', query: 'a: 1' }, params: { emptyAsNull: true } },
      last: metric('last_value', 'a.b', { params: { sortField: '@timestamp' } }),
      bytes: metric('sum', 'c', { filter: { language: 'kuery', query: 'a: 1' } }),
    };
    const last = { hits: { hits: [{ fields: { 'a.b': ['newest'] } }] } };
    const aggregations = { few: { doc_count: 0 }, last, bytes: { doc_count: 2, filtered: { value: 9 } } };
    expect(toRows(layerOf({ columns }), { hits: { total: { value: 5 } }, aggregations })).toEqual([{ count: 5, few: null, last: 'newest', bytes: 9 }]);
  });
});
