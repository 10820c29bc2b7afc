import { checkDashboardField, type DashboardScope } from './check-dashboard-field.ts';
import { checkPanel } from './check-panel.ts';
import type { DashboardDeclaration } from './dashboard-declaration.ts';
import { below, type Report } from './report.ts';
import { suggest } from './suggest.ts';

interface DashboardContext extends DashboardScope {
  /** Names of all data streams. */
  readonly known: readonly string[];
  /** Names of all dashboards, and the streams of each; undefined for one that could not be read. */
  readonly dashboards: ReadonlyMap<string, readonly string[] | undefined>;
}

/** Fewer panels are no dashboard; more than these nobody reads, and Kibana loads them all at once. */
const panelRange = [3, 16] as const;

/** What one dashboard means: its streams, its controls, its panels, and what they open. */
export function checkDashboard(dashboard: DashboardDeclaration, context: DashboardContext, report: Report): void {
  const { streams, controls = [], panels } = dashboard;
  checkStreams(streams, context, report);
  for (const [index, { field }] of controls.entries()) checkDashboardField(field, 'a control', context, below(report, `controls[${index}].field`));
  const titles = { control: controls.map(({ title }) => title), panel: panels.map(({ title }) => title) };
  for (const kind of ['control', 'panel'] as const) {
    for (const index of listRepeated(titles[kind]))
      report(`${kind}s[${index}].title`, `there is a ${kind} called ${titles[kind][index]} already`, `Give each ${kind} a title of its own.`);
  }
  checkNumber(panels.length, report);
  for (const [index, panel] of panels.entries()) {
    checkPanel(panel, context, below(report, `panels[${index}]`));
    if (panel.opens !== undefined) checkTarget(panel.opens, context, below(report, `panels[${index}].opens`));
  }
}

function checkStreams(streams: readonly string[], { known }: DashboardContext, report: Report): void {
  for (const [index, name] of streams.entries()) {
    if (!known.includes(name)) report(`streams[${index}]`, `there is no data stream ${name}`, `${suggest(name, known)}Data streams: ${known.join(', ')}.`);
  }
  for (const index of listRepeated(streams)) report(`streams[${index}]`, `${streams[index]} stands twice`, 'Remove one of the two.');
}

function checkNumber(count: number, report: Report): void {
  const [least, most] = panelRange;
  if (count >= least && count <= most) return;
  report('panels', `a dashboard has ${least} to ${most} panels, not ${count}`, count < least ? 'Add panels.' : 'Remove some, or make two dashboards.');
}

/** A click takes the filters along, also the one on the data streams. */
function checkTarget(name: string, { dashboards, streams }: DashboardContext, report: Report): void {
  const names = [...dashboards.keys()];
  if (!names.includes(name)) report('', `there is no dashboard ${name}`, `${suggest(name, names)}Dashboards: ${names.join(', ')}.`);
  const shown = dashboards.get(name);
  if (shown !== undefined && !streams.every((stream) => shown.includes(stream)))
    report('', `${name} does not show ${streams.join(', ')}`, 'Open a dashboard that shows the same data streams.');
}

/** Places of what stood before. */
function listRepeated(names: readonly string[]): readonly number[] {
  return names.flatMap((name, index) => (names.indexOf(name) === index ? [] : [index]));
}
