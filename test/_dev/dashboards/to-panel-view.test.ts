import { describe, expect, it } from 'vitest';
import { PALETTE } from '../../../_dev/dashboards/render/colours.ts';
import { type PanelView, toPanelView } from '../../../_dev/dashboards/render/to-panel-view.ts';
import type { Panel } from '../../../_dev/dashboards/saved-object/dashboard.ts';
import type { Row } from '../../../_dev/dashboards/search/to-rows.ts';
import { COUNT, readSmallDashboard, type SmallDashboard, TIME, termsOf } from './small-dashboard.ts';

interface Chart {
  readonly series: readonly {
    readonly name: string;
    readonly type: string;
    readonly color: string;
    readonly data: readonly unknown[];
    readonly stack?: string;
  }[];
  readonly legend: { readonly show?: boolean; readonly data?: readonly string[] };
  readonly xAxis: { readonly type: string; readonly data?: readonly string[]; readonly axisLabel: { readonly formatter?: object } };
  readonly yAxis: { readonly type: string; readonly data?: readonly string[]; readonly max?: number; readonly axisLabel: { readonly formatter?: object } };
}

const HERE = { dashboardId: 'small-1', toFile: (id: string) => `${id}.html` };

function viewOf(given: SmallDashboard, rows: readonly Row[]): PanelView {
  return toPanelView(readSmallDashboard(given).panel, { l: rows }, HERE);
}

function chartOf(given: SmallDashboard, rows: readonly Row[]): Chart {
  return viewOf(given, rows).chart as unknown as Chart;
}

const xyOf = (seriesType: string, more: object, layer: object = {}): SmallDashboard => ({
  visualizationType: 'lnsXY',
  visualization: { layers: [{ layerId: 'l', layerType: 'data', accessors: ['count'], seriesType, ...layer }], legend: { isVisible: true } },
  ...more,
});

describe('a metric', () => {
  it.each([
    [1234, { ...COUNT }, '1,234'],
    [0.256, { ...COUNT, params: { format: { id: 'percent' } } }, '25.6%'],
    [3_145_728, { ...COUNT, params: { format: { id: 'bytes' } } }, '3 MB'],
    [90_000, { ...COUNT, params: { format: { id: 'duration', params: { fromUnit: 'milliseconds' } } } }, '1.5 min'],
    [2_500_000, { ...COUNT, params: { format: { id: 'duration', params: { fromUnit: 'nanoseconds' } } } }, '2.5 ms'],
    [2.71, { ...COUNT, params: { format: { id: 'number', params: { decimals: 1 } } } }, '2.7'],
    [1_795_651_200_000, { ...COUNT, operationType: 'max', dataType: 'date', sourceField: '@timestamp' }, '2026-11-26 00:00:00'],
  ])('%d is written as its column says', (value, column, text) => {
    expect(viewOf({ columns: { count: column } }, [{ count: value }]).metrics).toEqual([{ label: 'Events', value: text, colour: PALETTE[0] }]);
  });

  it('has a second number, and one tile for each value that it is broken down by', () => {
    const visualization = { layerId: 'l', metricAccessor: 'count', secondaryMetricAccessor: 'few', breakdownByAccessor: 'who', color: '#123456' };
    const columns = { who: termsOf('user.email'), count: COUNT, few: { ...COUNT, label: 'Few' } };
    const { metrics } = viewOf({ columns, visualization }, [{ who: 'a@b', count: 5, few: 2 }]);
    expect(metrics).toEqual([{ label: 'a@b', value: '5', second: 'Few 2', colour: '#123456' }]);
  });

  it('without a number is empty', () => {
    expect(viewOf({}, [{ count: null }])).toEqual({ isEmpty: true });
    expect(viewOf({}, [])).toEqual({ isEmpty: true });
  });

  it('in an unknown format is refused', () => {
    const column = { ...COUNT, params: { format: { id: 'currency' } } };
    expect(() => viewOf({ columns: { count: column } }, [{ count: 1 }])).toThrow(/column Events: the format currency is not known here/);
  });
});

describe('bars and lines', () => {
  it('over time have a colour for each value, grey for what is left, and a place for every time', () => {
    const columns = { who: termsOf('x'), time: TIME, count: COUNT };
    const rows = [
      { who: 'a', time: 2000, count: 1 },
      { who: 'a', time: 1000, count: 2 },
      { who: 'Other', time: 1000, count: 3 },
    ];
    const { series, xAxis, legend } = chartOf(xyOf('bar_stacked', { columns }, { xAccessor: 'time', splitAccessor: 'who' }), rows);
    expect(xAxis.type).toBe('time');
    expect(series).toMatchObject([
      {
        name: 'a',
        type: 'bar',
        stack: 'all',
        color: PALETTE[0],
        data: [
          [1000, 2],
          [2000, 1],
        ],
      },
      {
        name: 'Other',
        color: '#98A2B3',
        data: [
          [1000, 3],
          [2000, null],
        ],
      },
    ]);
    expect(legend.data).toEqual(['a', 'Other']);
  });

  it('lie down where they should, the largest on top, without legend', () => {
    const visualization = { layers: [{ layerId: 'l', layerType: 'data', accessors: ['count'], seriesType: 'bar_horizontal_stacked', xAccessor: 'who' }] };
    const given = {
      columns: { who: termsOf('x'), count: COUNT },
      visualizationType: 'lnsXY',
      visualization: { ...visualization, legend: { isVisible: false } },
    };
    const chart = chartOf(given, [
      { who: 'a', count: 5 },
      { who: 404, count: 3 },
    ]);
    expect(chart.yAxis).toMatchObject({ type: 'category', data: ['a', '404'], inverse: true });
    expect(chart.xAxis.type).toBe('value');
    expect(chart.series).toMatchObject([{ name: 'Events', data: [5, 3] }]);
    expect(chart.legend.show).toBe(false);
  });

  it('of shares make one whole of each bar', () => {
    const columns = { who: termsOf('x'), time: TIME, count: COUNT };
    const rows = [
      { who: 'a', time: 1000, count: 3 },
      { who: 'b', time: 1000, count: 1 },
    ];
    const chart = chartOf(xyOf('bar_percentage_stacked', { columns }, { xAccessor: 'time', splitAccessor: 'who' }), rows);
    expect(chart.series.map(({ data }) => data)).toEqual([[[1000, 0.75]], [[1000, 0.25]]]);
    expect(chart.yAxis.max).toBe(1);
  });

  it('count in the unit that suits the largest', () => {
    const size = { ...COUNT, params: { format: { id: 'bytes' } } };
    const chart = chartOf(xyOf('line', { columns: { time: TIME, count: size } }, { xAccessor: 'time' }), [{ time: 1000, count: 5_242_880 }]);
    expect(chart.series).toMatchObject([{ type: 'line', data: [[1000, 5]] }]);
    expect(chart.yAxis.axisLabel.formatter).toMatchObject({ divisor: 1, suffix: ' MB' });
  });

  it.each([
    [
      'None',
      [
        [1000, 1],
        [2000, null],
        [3000, 2],
      ],
      false,
    ],
    [
      'Linear',
      [
        [1000, 1],
        [2000, null],
        [3000, 2],
      ],
      true,
    ],
    [
      'Zero',
      [
        [1000, 1],
        [2000, 0],
        [3000, 2],
      ],
      false,
    ],
  ])('are fitted as the panel says where there is no value: %s', (fittingFunction, data, connectNulls) => {
    const given = xyOf('line', { columns: { time: TIME, count: COUNT } }, { xAccessor: 'time' });
    const values = [1, null, 2].map((count, index) => ({ time: 1000 * (index + 1), count }));
    const { series } = chartOf({ ...given, visualization: { ...given.visualization, fittingFunction } }, values);
    expect(series).toMatchObject([{ data, connectNulls }]);
  });

  it('of different formats are refused', () => {
    const columns = { time: TIME, count: COUNT, size: { ...COUNT, params: { format: { id: 'bytes' } } } };
    const layers = [{ layerId: 'l', layerType: 'data', accessors: ['count', 'size'], seriesType: 'line', xAccessor: 'time' }];
    const given = { columns, visualizationType: 'lnsXY', visualization: { layers } };
    expect(() => viewOf(given, [{ time: 1000, count: 1, size: 1 }])).toThrow(/values of several formats are not known here/);
  });

  it.each([
    ['layers of several types', [{ seriesType: 'bar' }, { seriesType: 'line' }], /layers of several types are not known here/],
    ['reference lines', [{ seriesType: 'line', layerType: 'referenceLine' }], /a layer is a referenceLine, or has no data/],
  ])('refuses %s', (_, layers, message) => {
    const all = layers.map((layer) => ({ layerId: 'l', layerType: 'data', accessors: ['count'], ...layer }));
    expect(() => viewOf({ visualizationType: 'lnsXY', visualization: { layers: all } }, [{ count: 1 }])).toThrow(message);
  });
});

describe('other charts', () => {
  const columns = { who: termsOf('x'), count: COUNT };
  const rows = [
    { who: 'a', count: 3 },
    { who: 'Other', count: 1 },
  ];
  const pieOf = (shape: string, primaryGroups = ['who']): SmallDashboard => ({
    ...{ columns, visualizationType: 'lnsPie' },
    visualization: { shape, layers: [{ layerId: 'l', primaryGroups, metrics: ['count'] }] },
  });

  it('a donut has a slice for each row', () => {
    const [series] = chartOf(pieOf('donut'), rows).series;
    expect(series).toMatchObject({
      type: 'pie',
      data: [
        { name: 'a', value: 3, itemStyle: { color: PALETTE[0] } },
        { name: 'Other', value: 1, itemStyle: { color: '#98A2B3' } },
      ],
    });
  });

  it('a heat map has a square for each row with a value', () => {
    const visualization = { layerId: 'l', xAccessor: 'time', yAccessor: 'who', valueAccessor: 'count' };
    const squares = [
      { who: 'a', time: 2000, count: 3 },
      { who: 'a', time: 1000, count: null },
      { who: 'b', time: 1000, count: 1 },
    ];
    const [series] = chartOf({ columns: { ...columns, time: TIME }, visualizationType: 'lnsHeatmap', visualization }, squares).series;
    expect(series?.data).toEqual([
      [1, 0, 3],
      [0, 1, 1],
    ]);
  });

  it('a table is sorted, in pages, and shows its own columns in their order', () => {
    const visualization = {
      ...{ layerId: 'l', paging: { enabled: true, size: 2 }, sorting: { columnId: 'count', direction: 'desc' } },
      columns: [{ columnId: 'count' }, { columnId: 'who' }, { columnId: 'more', hidden: true }],
    };
    const many = [
      { who: 'a', count: 1, more: 1 },
      { who: 'b', count: 3000, more: 1 },
      { who: null, count: 20, more: 1 },
    ];
    const { table } = viewOf({ columns: { ...columns, more: COUNT }, visualizationType: 'lnsDatatable', visualization }, many);
    expect(table?.heads.map(({ text }) => text)).toEqual(['Events', 'x']);
    expect(table?.rows.map((row) => row.map(({ text }) => text))).toEqual([
      ['3,000', 'b'],
      ['20', '–'],
    ]);
    expect(table?.more).toBe('2 of 3 rows');
  });

  it('links lead to pages, and say where one is', () => {
    const links = [
      { label: 'Here', dashboard: 'small-1' },
      { label: 'There', dashboard: 'other-1' },
      { label: 'Outside', url: 'https://example.com/' },
    ];
    const panel: Panel = { kind: 'links', id: 'n', title: '', hidesTitle: true, description: '', place: { x: 0, y: 0, w: 48, h: 4 }, links };
    expect(toPanelView(panel, {}, HERE).links).toEqual([
      { label: 'Here', href: 'small-1.html', isHere: true },
      { label: 'There', href: 'other-1.html', isHere: false },
      { label: 'Outside', href: 'https://example.com/', isHere: false },
    ]);
  });

  it.each([
    ['a shape', pieOf('mosaic'), /the shape mosaic is not known here/],
    ['rings inside of rings', pieOf('pie', ['who', 'count']), /only one group and one metric are known/],
    ['a chart', { columns, visualizationType: 'lnsTagcloud' }, /the chart lnsTagcloud is not known here/],
  ])('refuses %s that is not known', (_, given, message) => {
    expect(() => viewOf(given, rows)).toThrow(message);
  });
});
