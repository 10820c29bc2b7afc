import { compileDashboards } from '../../src/compile/dashboard/compile-dashboards.ts';
import type { PackageDefinition } from '../../src/definition/definition.ts';
import type { Dashboard } from './saved-object/dashboard.ts';
import { readDashboard } from './saved-object/read-dashboard.ts';

/**
 * The dashboards of the compiled package, read from the form that goes to Kibana, by title.
 * @throws DashboardFault for a dashboard that Kibana would not show whole
 */
export function readDashboards(definition: PackageDefinition): readonly Dashboard[] {
  const dashboards = compileDashboards(definition).built.map(({ content }) => readDashboard(String(content)));
  return dashboards.toSorted((a, b) => a.title.localeCompare(b.title, 'en'));
}
