import type { ChartDefinition, DashboardDefinition, PanelDefinition } from '../../../src/definition/dashboard-definition.ts';
import type { PackageDefinition } from '../../../src/definition/definition.ts';
import { definition } from '../definition.ts';

/** A chart with what its kind needs least. */
export function chart(kind: ChartDefinition['kind'], title: string, options: Partial<ChartDefinition> = {}): ChartDefinition {
  return {
    kind,
    title,
    size: 'medium',
    question: `${title}?`,
    style: 'bars',
    measures: [{ kind: 'count', label: 'Events' }],
    buckets: kind === 'metric' || kind === 'time' ? [] : [values('user.name')],
    ...options,
  };
}

/** Top values of a field. */
export function values(name: string, type = 'keyword'): ChartDefinition['buckets'][number] {
  return { kind: 'values', label: name, field: { name, type }, size: 7, rest: false, order: 'value' };
}

/** A dashboard of the package that `withDashboards` makes. */
export function dashboard(name: string, panels: readonly PanelDefinition[], options: Partial<DashboardDefinition> = {}): DashboardDefinition {
  return { name, title: `Title of ${name}`, description: 'About.', streams: ['audit'], controls: [], panels, ...options };
}

/** The small package with dashboards. */
export function withDashboards(...dashboards: readonly DashboardDefinition[]): PackageDefinition {
  return { ...definition, dashboards };
}
