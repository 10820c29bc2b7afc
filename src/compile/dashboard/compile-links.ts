import type { DashboardDefinition } from '../../definition/dashboard-definition.ts';
import type { CompiledPanel, PanelContext } from './compile-panel.ts';

/** The panel that leads from each dashboard to every other one. Filters stay behind: they would empty a dashboard of another data stream. */
export function compileLinks(dashboards: readonly DashboardDefinition[], { toId, toDashboardId }: Omit<PanelContext, 'datasets'>): CompiledPanel {
  const linked = dashboards.map((dashboard) => ({ ...dashboard, id: toId(`link ${dashboard.name}`) }));
  const options = { openInNewTab: false, useCurrentDateRange: true, useCurrentFilters: false };
  const links = linked.map(({ id, title }, order) => ({ destinationRefName: `link_${id}_dashboard`, id, label: title, options, order, type: 'dashboardLink' }));
  return {
    type: 'links',
    title: 'Dashboards',
    embeddableConfig: { attributes: { layout: 'horizontal', links }, enhancements: {}, hidePanelTitles: true },
    references: linked.map(({ id, name }) => ({ id: toDashboardId(name), name: `link_${id}_dashboard`, type: 'dashboard' })),
  };
}
