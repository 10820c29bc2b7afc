import { compilePackage } from '../../src/compile/compile-package.ts';
import type { PackageDefinition } from '../../src/definition/definition.ts';
import { readProjectFiles } from '../../src/package/read-project-files.ts';
import type { Dashboard } from './saved-object/dashboard.ts';
import { readDashboard } from './saved-object/read-dashboard.ts';

/**
 * The dashboards of the compiled package, from the form that goes to Kibana, by title.
 * @throws DashboardFault for a dashboard that Kibana would not show whole
 */
export async function readDashboards(definition: PackageDefinition, projectFolder: string): Promise<readonly Dashboard[]> {
  const streams = definition.streams.map(({ name }) => name);
  const { built } = compilePackage(definition, await readProjectFiles(projectFolder, streams));
  const files = built.filter(({ path }) => /^kibana\/dashboard\/[^/]+\.json$/u.test(path));
  const dashboards = files.map(({ content }) => readDashboard(typeof content === 'string' ? content : Buffer.from(content).toString('utf8')));
  return dashboards.toSorted((a, b) => a.title.localeCompare(b.title, 'en'));
}
