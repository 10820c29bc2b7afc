import { describe, expect, it } from 'vitest';
import type { PanelDefinition } from '../../src/definition/dashboard-definition.ts';
import { tinyDashboard, withDashboard } from './tiny-dashboard.ts';
import { readTiny } from './tiny-definition.ts';

async function readPanel(title: string): Promise<PanelDefinition | undefined> {
  const { dashboards } = await readTiny(...withDashboard());
  return dashboards[0]?.panels.find((panel) => panel.title === title);
}

describe('a dashboard as data', () => {
  it('knows the type and unit of every field', async () => {
    const { dashboards } = await readTiny(...withDashboard());
    expect(dashboards[0]).toMatchObject({ name: 'overview', streams: ['sample'], controls: [{ title: 'Address', field: { name: 'source.ip', type: 'ip' } }] });
    expect(await readPanel('Scores')).toMatchObject({
      measures: [{ kind: 'percentile', percent: 95, field: { name: 'cloudflare.sample.score', type: 'long' } }, { kind: 'average' }],
      style: 'lines',
      size: 'large',
    });
  });

  it('counts events where nothing else is asked for, in bars of half a row, of the ten top values', async () => {
    expect(await readPanel('Addresses')).toEqual({
      kind: 'bar',
      title: 'Addresses',
      question: 'Who asks?',
      size: 'medium',
      style: 'bars',
      measures: [{ kind: 'count', label: 'Events' }],
      buckets: [{ kind: 'values', label: 'Address', field: { name: 'source.ip', type: 'ip' }, size: 10, rest: false, order: 'value' }],
      opens: 'overview',
    });
  });

  it('gives words and the latest events a row of their own', async () => {
    expect(await readPanel('Words')).toEqual({ kind: 'markdown', title: 'Words', size: 'full', text: '**Read** this.' });
    expect(await readPanel('Latest')).toMatchObject({ size: 'full', columns: ['source.ip', 'cloudflare.sample.note'], when: { kind: 'exists' } });
  });

  it('makes conditions of groups', async () => {
    expect(await readPanel('Classes')).toMatchObject({
      buckets: [{ kind: 'groups', label: 'Class', groups: [{ label: 'Low', when: { kind: 'range', below: 30 } }, { label: 'High' }] }],
    });
  });

  it('stands among the others in the declared order', async () => {
    const other = tinyDashboard.replace('title: Overview', 'title: Another').replace('order: 1', 'order: 2');
    const { dashboards } = await readTiny(...withDashboard(), ['kibana/another.yml', '', other]);
    expect(dashboards.map(({ name }) => name)).toEqual(['overview', 'another']);
    expect((await readTiny()).dashboards).toEqual([]);
  });
});
