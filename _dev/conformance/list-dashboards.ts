import type { Data, PackageUnderTest } from './package-under-test.ts';
import type { Rule } from './rule.ts';

/** A dashboard of a package. */
export interface DashboardUnderTest {
  readonly file: string;
  readonly content: Data;
}

/** All dashboards of a package. */
export function listDashboards({ files }: PackageUnderTest): readonly DashboardUnderTest[] {
  const found = [...files].filter(([path]) => /^kibana\/dashboard\/[^/]+\.json$/.test(path));
  return found.map(([file, text]) => ({ file, content: JSON.parse(text) as Data }));
}

/** The check of a rule that looks at one dashboard after the other. */
export function onDashboards(find: (dashboard: DashboardUnderTest, tested: PackageUnderTest) => readonly string[]): Rule['check'] {
  return (tested) => listDashboards(tested).flatMap((dashboard) => find(dashboard, tested));
}

/** The panels of a dashboard. */
export function panelsOf({ content }: DashboardUnderTest): readonly Data[] {
  return content.attributes?.panelsJSON ?? [];
}

/** Every value below that stands under a key. */
export function valuesOf(content: Data, key: string): readonly Data[] {
  if (typeof content !== 'object' || content === null) return [];
  return Object.entries(content).flatMap(([name, value]) => [...(name === key ? [value] : []), ...valuesOf(value, key)]);
}

/** Why the rules have nothing to check. */
export function isIdle(tested: PackageUnderTest): string | undefined {
  return listDashboards(tested).length === 0 ? 'Dashboards: the package has none yet; the check is ready for the first.' : undefined;
}
