import { describe, expect, it } from 'vitest';
import { readDashboard } from '../../../_dev/dashboards/saved-object/read-dashboard.ts';
import { COUNT, readSmallDashboard, writeSmallDashboard } from './small-dashboard.ts';

type Stored = ReturnType<typeof writeSmallDashboard>;

/** The message for a dashboard that a test has damaged; the text of its panels is decoded for it. */
function refuse(damage: (stored: Stored) => object): () => unknown {
  return () => readDashboard(JSON.stringify(damage(writeSmallDashboard())));
}

/** With another text in place of one in the panels. */
function replaceInPanels(from: string, to: string): (stored: Stored) => object {
  return (stored) => {
    const panels = String(stored.attributes.panelsJSON);
    expect(panels).toContain(from);
    return { ...stored, attributes: { ...stored.attributes, panelsJSON: panels.replace(from, to) } };
  };
}

const withoutReference = (name: string) => (stored: Stored) => ({ ...stored, references: stored.references.filter((reference) => reference.name !== name) });

describe('reading a dashboard', () => {
  it('follows every reference', () => {
    const { dashboard, panel } = readSmallDashboard({ kql: 'event.outcome: failure' });
    const filter = { match_phrase: { 'data_stream.dataset': 'cloudflare_api.audit' } };
    expect(dashboard).toMatchObject({ id: 'small-1', title: '[Logs Test] Small dashboard', filters: [filter], kql: '' });
    expect(dashboard.controls).toEqual([{ id: 'c', title: 'Action', field: 'event.action', index: 'logs-*' }]);
    expect(dashboard.panels[0]).toMatchObject({ kind: 'links', hidesTitle: true, links: [{ label: 'Other', dashboard: 'other-1' }] });
    expect(panel).toMatchObject({ kind: 'lens', title: 'Small', place: { x: 0, y: 4, w: 24, h: 10 }, filters: [filter], kql: 'event.outcome: failure' });
    expect(panel.layers).toEqual([{ id: 'l', index: 'logs-*', columnOrder: ['count'], columns: { count: COUNT }, ignoresDashboard: false }]);
  });

  it('turns filters round that exclude, and leaves out those that are off', () => {
    const negated = replaceInPanels('"negate":false', '"negate":true')(writeSmallDashboard());
    expect(readDashboard(JSON.stringify(negated)).panels[1]).toMatchObject({ filters: [{ bool: { must_not: [{ match_phrase: expect.anything() }] } }] });
    const off = replaceInPanels('"disabled":false', '"disabled":true')(writeSmallDashboard());
    expect(readDashboard(JSON.stringify(off)).panels[1]).toMatchObject({ filters: [] });
  });

  it.each([
    ['an object where Kibana takes a text', (stored: Stored) => ({ ...stored, attributes: { ...stored.attributes, panelsJSON: [] } }), /panelsJSON is no text/],
    [
      'a layer that the dashboard leads nowhere',
      withoutReference('p:indexpattern-datasource-layer-l'),
      /no reference is named p:indexpattern-datasource-layer-l/,
    ],
    ['a filter that the dashboard leads nowhere', withoutReference('p:f'), /no reference is named p:f/],
    ['a filter of its own without data view', withoutReference('d'), /the dashboard: no reference is named d/],
    ['a control without data view', withoutReference('controlGroup_c:optionsListDataView'), /no reference is named controlGroup_c/],
    ['a link that leads nowhere', withoutReference('n:link_a_dashboard'), /no reference is named n:link_a_dashboard/],
    ['a layer that its panel leads nowhere', replaceInPanels('"indexpattern-datasource-layer-l"', '"another"'), /panel p: no reference is named indexpattern-/],
    ['a panel that calls itself otherwise', replaceInPanels('"i":"p"', '"i":"q"'), /panel p: gridData.i is q/],
    ['a panel of an unknown kind', replaceInPanels('"type":"lens"', '"type":"map"'), /panel p is a map, which is not known here/],
    ['another query language', replaceInPanels('"kuery"', '"lucene"'), /panel p: a query is in lucene/],
    ['columns that do not nest', replaceInPanels('"columnOrder":["count"]', '"columnOrder":["other"]'), /columnOrder names other, and the columns are count/],
    ['a layer of another kind of data', replaceInPanels('formBased', 'textBased'), /panel p has no layer/],
    ['another saved object', (stored: Stored) => ({ ...stored, type: 'lens' }), /small-1 is a lens, not a dashboard/],
  ])('refuses %s', (_, damage, message) => {
    expect(refuse(damage)).toThrow(message);
  });
});
