import { describe, expect, it } from 'vitest';
import { compileColumns } from '../../../src/compile/dashboard/compile-columns.ts';
import type { ChartDefinition, MeasureDefinition } from '../../../src/definition/dashboard-definition.ts';
import { chart, values } from './dashboards.ts';

const toId = (name: string): string => name.replace(' ', '');

function compile(...parameters: Parameters<typeof chart>): ReturnType<typeof compileColumns> {
  return compileColumns(chart(...parameters), toId);
}

function compileMeasure(measure: Omit<MeasureDefinition, 'label'>): unknown {
  return compile('metric', 'M', { measures: [{ label: 'L', ...measure }] }).columns.measure0;
}

const long = { name: 'n', type: 'long' };

describe('compileColumns', () => {
  it('counts records, whole ones', () => {
    expect(compileMeasure({ kind: 'count', when: { kind: 'equals', field: 'a', value: 'b' } })).toEqual({
      customLabel: true,
      dataType: 'number',
      filter: { language: 'kuery', query: 'a: "b"' },
      isBucketed: false,
      label: 'L',
      operationType: 'count',
      params: { emptyAsNull: true, format: { id: 'number', params: { decimals: 0 } } },
      scale: 'ratio',
      sourceField: '___records___',
    });
  });

  it.each<readonly [operation: string, measure: Omit<MeasureDefinition, 'label'>, column: object]>([
    ['unique_count', { kind: 'unique', field: { name: 'source.ip', type: 'ip' } }, { dataType: 'number', sourceField: 'source.ip' }],
    ['sum', { kind: 'sum', field: { ...long, unit: 'byte' } }, { params: { emptyAsNull: true, format: { id: 'bytes', params: { decimals: 1 } } } }],
    [
      'max',
      { kind: 'max', field: { ...long, unit: 'ms' } },
      { params: { format: { id: 'duration', params: { compact: true, decimals: 1, fromUnit: 'milliseconds', toUnit: 'humanizePrecise' } } } },
    ],
    ['average', { kind: 'average', field: long }, { params: { format: { id: 'number', params: { decimals: 1 } } } }],
    ['percentile', { kind: 'percentile', percent: 99, field: long }, { dataType: 'number', params: { percentile: 99 } }],
    ['min', { kind: 'min', field: { name: '@timestamp', type: 'date' } }, { dataType: 'date', params: { emptyAsNull: true } }],
    [
      'last_value',
      { kind: 'last', field: { name: 'user.name', type: 'keyword' }, when: { kind: 'exists', field: 'a' } },
      {
        dataType: 'string',
        filter: { language: 'kuery', query: 'user.name: * and a: *' },
        params: { showArrayValues: false, sortField: '@timestamp' },
        scale: 'ordinal',
      },
    ],
  ])('makes %s of a measure', (operationType, measure, column) => {
    expect(compileMeasure(measure)).toMatchObject({ operationType, ...column });
  });

  it('gives top values the type of their field, ranked by the first measure', () => {
    const types = ['keyword', 'wildcard', 'ip', 'boolean', 'long'].map((type) => compile('bar', 'B', { buckets: [values('f', type)] }).columns.bucket0);
    expect(types).toMatchObject(['string', 'string', 'ip', 'boolean', 'number'].map((dataType) => ({ dataType, sourceField: 'f' })));
    expect(types[0]).toMatchObject({
      isBucketed: true,
      operationType: 'terms',
      params: { size: 7, otherBucket: false, orderBy: { columnId: 'measure0', type: 'column' }, orderDirection: 'desc' },
    });
  });

  it('orders values by name where that is meant', () => {
    const named = { ...values('f'), order: 'name' } as ChartDefinition['buckets'][number];
    expect(compile('table', 'T', { buckets: [named] }).columns.bucket0).toMatchObject({
      params: { orderBy: { fallback: false, type: 'alphabetical' }, orderDirection: 'asc' },
    });
  });

  it('makes filters of groups', () => {
    const groups = [{ label: 'Low', when: { kind: 'range', field: 'n', below: 3 } as const }];
    expect(compile('donut', 'D', { buckets: [{ kind: 'groups', label: 'Class', groups }] }).columns.bucket0).toEqual({
      customLabel: true,
      dataType: 'string',
      isBucketed: true,
      label: 'Class',
      operationType: 'filters',
      params: { filters: [{ input: { language: 'kuery', query: 'n < 3' }, label: 'Low' }] },
      scale: 'ordinal',
    });
  });

  it('orders a series by its breakdown first, so that the top values are those of the whole time', () => {
    expect(compile('time', 'T', { buckets: [values('f')] }).columnOrder).toEqual(['bucket0', 'time', 'measure0']);
    expect(compile('heatmap', 'H').columnOrder).toEqual(['bucket0', 'time', 'measure0']);
    expect(compile('heatmap', 'H', { buckets: [values('f'), values('g')] }).columnOrder).toEqual(['bucket0', 'bucket1', 'measure0']);
  });
});
