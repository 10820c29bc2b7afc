import { checkDashboardField, type DashboardScope } from './check-dashboard-field.ts';
import { checkPanel } from './check-panel.ts';
import type { DashboardDeclaration } from './dashboard-declaration.ts';
import { below, type Report } from './report.ts';
import { suggest } from './suggest.ts';

interface DashboardContext extends DashboardScope {
  /** Names of all data streams. */
  readonly known: readonly string[];
  /** Names of all dashboards. */
  readonly dashboards: readonly string[];
}

/** Fewer panels are no dashboard; more than these nobody reads, and Kibana loads them all at once. */
const panelRange = [3, 16] as const;

/** What one dashboard means: its streams, its controls, its panels, and what they open. */
export function checkDashboard(dashboard: DashboardDeclaration, context: DashboardContext, report: Report): void {
  const { streams, controls = [], panels } = dashboard;
  for (const [index, name] of streams.entries()) {
    const known = context.known.filter((other) => !streams.includes(other));
    if (!context.known.includes(name))
      report(`streams[${index}]`, `there is no data stream ${name}`, `${suggest(name, known)}Streams: ${context.known.join(', ')}.`);
  }
  checkOnce(streams, (index) => `streams[${index}]`, 'the stream', report);
  for (const [index, { field }] of controls.entries()) checkDashboardField(field, 'a control', context, below(report, `controls[${index}].field`));
  checkOnce(
    controls.map(({ title }) => title),
    (index) => `controls[${index}].title`,
    'a control called',
    report,
  );
  const [least, most] = panelRange;
  if (panels.length < least || panels.length > most)
    report(
      'panels',
      `a dashboard has ${least} to ${most} panels, not ${panels.length}`,
      panels.length < least ? 'Add panels.' : 'Remove some, or make two dashboards.',
    );
  checkOnce(
    panels.map(({ title }) => title),
    (index) => `panels[${index}].title`,
    'a panel called',
    report,
  );
  for (const [index, panel] of panels.entries()) {
    checkPanel(panel, context, below(report, `panels[${index}]`));
    if (panel.opens !== undefined && !context.dashboards.includes(panel.opens))
      report(
        `panels[${index}].opens`,
        `there is no dashboard ${panel.opens}`,
        `${suggest(panel.opens, context.dashboards)}Dashboards: ${context.dashboards.join(', ')}.`,
      );
  }
}

function checkOnce(names: readonly string[], pathOf: (index: number) => string, what: string, report: Report): void {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) !== index) report(pathOf(index), `${what} ${name} is there already`, 'Give each a name of its own.');
  }
}
