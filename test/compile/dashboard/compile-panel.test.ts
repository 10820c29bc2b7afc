import { describe, expect, it } from 'vitest';
import { type CompiledPanel, compilePanel } from '../../../src/compile/dashboard/compile-panel.ts';
import type { PanelDefinition } from '../../../src/definition/dashboard-definition.ts';
import { chart, values } from './dashboards.ts';

function compile(panel: PanelDefinition, datasets = ['p.audit']): CompiledPanel {
  return compilePanel(panel, { datasets, toId: (name) => name.replace(' ', ''), toDashboardId: (name) => `p-${name}` });
}

/** What a chart draws, by Lens' name of it. */
function toVisualization(panel: PanelDefinition): unknown {
  const { attributes } = compile(panel).embeddableConfig as {
    readonly attributes: { readonly visualizationType: string; readonly state: { readonly visualization: object } };
  };
  return { type: attributes.visualizationType, ...attributes.state.visualization };
}

const layer = { layerId: 'layer', layerType: 'data' };

describe('compilePanel', () => {
  const condition = { kind: 'equals', field: 'a', value: 'b' } as const;

  it('keeps a chart by value, in a form-based layer, scoped by dataset and asked by its own condition', () => {
    const { embeddableConfig, ...panel } = compile(chart('bar', 'Actors', { when: condition }));
    const references = [
      { id: 'logs-*', name: 'indexpattern-datasource-layer-layer', type: 'index-pattern' },
      { id: 'logs-*', name: 'filter', type: 'index-pattern' },
    ];
    expect(panel).toEqual({ type: 'lens', title: 'Actors', references });
    expect(embeddableConfig).toMatchObject({
      attributes: {
        references,
        state: {
          datasourceStates: {
            formBased: { layers: { layer: { columnOrder: ['bucket0', 'measure0'] } } },
            indexpattern: { layers: {} },
            textBased: { layers: {} },
          },
          filters: [{ meta: { index: 'filter', key: 'data_stream.dataset', type: 'phrase' }, query: { match_phrase: { 'data_stream.dataset': 'p.audit' } } }],
          query: { language: 'kuery', query: 'a: "b"' },
        },
        title: '',
        type: 'lens',
        visualizationType: 'lnsXY',
      },
      description: 'Actors?',
      enhancements: {},
      hidePanelTitles: false,
    });
    expect(embeddableConfig).not.toHaveProperty('attributes.version');
  });

  it('takes several datasets as one filter', () => {
    const { embeddableConfig } = compile(chart('metric', 'Number'), ['p.a', 'p.b']);
    const should = [{ match_phrase: { 'data_stream.dataset': 'p.a' } }, { match_phrase: { 'data_stream.dataset': 'p.b' } }];
    expect(embeddableConfig).toMatchObject({
      attributes: { state: { filters: [{ meta: { params: ['p.a', 'p.b'], type: 'phrases' }, query: { bool: { minimum_should_match: 1, should } } }] } },
      hidePanelTitles: true,
    });
  });

  it('opens another dashboard by a click, with a reference to it', () => {
    const { embeddableConfig, references } = compile(chart('bar', 'Actors', { opens: 'other' }));
    const factoryId = 'DASHBOARD_TO_DASHBOARD_DRILLDOWN';
    expect(embeddableConfig).toMatchObject({
      enhancements: {
        dynamicActions: { events: [{ action: { factoryId, config: { useCurrentFilters: true } }, eventId: 'drilldown', triggers: ['FILTER_TRIGGER'] }] },
      },
    });
    expect(references).toContainEqual({ id: 'p-other', name: `drilldown:${factoryId}:drilldown:dashboardId`, type: 'dashboard' });
  });

  it('shows the latest events by a search by value', () => {
    const name = 'kibanaSavedObjectMeta.searchSourceJSON.index';
    const references = [{ id: 'logs-*', name, type: 'index-pattern' }];
    const events = { kind: 'events', title: 'Latest', question: 'What?', size: 'full', columns: ['message'] } as const;
    expect(compile({ ...events, when: { kind: 'or', conditions: [condition, condition] } }, ['p.a', 'p.b'])).toMatchObject({
      type: 'search',
      embeddableConfig: {
        attributes: {
          columns: ['message'],
          grid: {},
          kibanaSavedObjectMeta: {
            searchSourceJSON: { indexRefName: name, query: { query: 'data_stream.dataset: ("p.a" or "p.b") and (a: "b" or a: "b")' } },
          },
          references,
          sort: [['@timestamp', 'desc']],
        },
      },
      references,
    });
    expect(compile(events)).toMatchObject({
      embeddableConfig: { attributes: { kibanaSavedObjectMeta: { searchSourceJSON: { query: { query: 'data_stream.dataset: "p.audit"' } } } } },
    });
  });

  it('shows words', () => {
    expect(compile({ kind: 'markdown', title: 'Words', size: 'full', text: '**Read**' })).toMatchObject({
      type: 'visualization',
      embeddableConfig: { hidePanelTitles: true, savedVis: { type: 'markdown', params: { markdown: '**Read**' } } },
      references: [],
    });
  });
});

describe('what a chart draws', () => {
  const two = [
    { kind: 'count', label: 'One' },
    { kind: 'count', label: 'Two' },
  ] as const;

  it.each<readonly [kind: string, panel: PanelDefinition, drawn: object]>([
    ['a number', chart('metric', 'M'), { type: 'lnsMetric', ...layer, metricAccessor: 'measure0' }],
    ['two numbers', chart('metric', 'M', { measures: two }), { type: 'lnsMetric', secondaryMetricAccessor: 'measure1' }],
    [
      'a series over time',
      chart('time', 'T', { buckets: [values('f')] }),
      {
        type: 'lnsXY',
        layers: [{ ...layer, accessors: ['measure0'], xAccessor: 'time', splitAccessor: 'bucket0', seriesType: 'bar_stacked' }],
        legend: { isVisible: true },
        preferredSeriesType: 'bar_stacked',
      },
    ],
    [
      'lines of several measures',
      chart('time', 'T', { style: 'lines', measures: two }),
      { layers: [{ accessors: ['measure0', 'measure1'], seriesType: 'line' }], fittingFunction: 'Linear', legend: { isVisible: true } },
    ],
    ['shares', chart('time', 'T', { style: 'shares', buckets: [values('f')] }), { preferredSeriesType: 'bar_percentage_stacked' }],
    ['areas', chart('time', 'T', { style: 'areas' }), { preferredSeriesType: 'area_stacked', legend: { isVisible: false } }],
    [
      'bars of top values',
      chart('bar', 'B'),
      { type: 'lnsXY', layers: [{ xAccessor: 'bucket0', accessors: ['measure0'], seriesType: 'bar_horizontal_stacked' }], legend: { isVisible: false } },
    ],
    ['bars in parts', chart('bar', 'B', { buckets: [values('f'), values('g')] }), { layers: [{ xAccessor: 'bucket0', splitAccessor: 'bucket1' }] }],
    ['a donut', chart('donut', 'D'), { type: 'lnsPie', shape: 'donut', layers: [{ ...layer, metrics: ['measure0'], primaryGroups: ['bucket0'] }] }],
    [
      'a table',
      chart('table', 'T', { measures: two }),
      {
        type: 'lnsDatatable',
        ...layer,
        columns: [{ columnId: 'bucket0', isMetric: false }, { columnId: 'measure0', isMetric: true }, { columnId: 'measure1' }],
        sorting: { columnId: 'measure0', direction: 'desc' },
      },
    ],
    ['a heat map over time', chart('heatmap', 'H'), { type: 'lnsHeatmap', ...layer, valueAccessor: 'measure0', xAccessor: 'time', yAccessor: 'bucket0' }],
    ['a heat map of two fields', chart('heatmap', 'H', { buckets: [values('f'), values('g')] }), { xAccessor: 'bucket1', yAccessor: 'bucket0' }],
  ])('is %s', (_, panel, drawn) => {
    expect(toVisualization(panel)).toMatchObject(drawn);
  });

  it('is not sorted where values go by name', () => {
    const named = { ...values('f'), order: 'name' } as ReturnType<typeof values>;
    expect(toVisualization(chart('table', 'T', { buckets: [named] }))).not.toHaveProperty('sorting');
  });
});
