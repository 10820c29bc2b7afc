import { checkDashboardCondition, checkDashboardField, type DashboardScope } from './check-dashboard-field.ts';
import type { BucketDeclaration, MeasureDeclaration, PanelDeclaration } from './dashboard-declaration.ts';
import type { FieldUse } from './fitting-types.ts';
import { below, type Report } from './report.ts';

type Range = readonly [least: number, most: number];

interface Needs {
  readonly measures: Range;
  readonly by: Range;
  /** Further keys that the kind must have. */
  readonly must?: readonly (keyof PanelDeclaration)[];
  /** Further keys that the kind may have. */
  readonly may?: readonly (keyof PanelDeclaration)[];
}

const none: Range = [0, 0];
const asked = ['question'] as const;

/** What each kind of panel is made of. */
const needs: Readonly<Record<PanelDeclaration['kind'], Needs>> = {
  metric: { measures: [0, 2], by: none, must: asked },
  time: { measures: [0, 5], by: [0, 1], must: asked, may: ['style', 'size', 'opens'] },
  bar: { measures: [0, 1], by: [1, 2], must: asked, may: ['size', 'opens'] },
  donut: { measures: [0, 1], by: [1, 1], must: asked, may: ['size', 'opens'] },
  table: { measures: [0, 6], by: [1, 5], must: asked, may: ['size', 'opens'] },
  heatmap: { measures: [0, 1], by: [1, 2], must: asked, may: ['size', 'opens'] },
  events: { measures: none, by: none, must: ['question', 'columns'], may: ['size'] },
  markdown: { measures: none, by: none, must: ['text'], may: ['size'] },
};

const uses: Readonly<Record<Exclude<MeasureDeclaration['kind'], 'count'>, FieldUse>> = {
  unique: 'a number of distinct values',
  sum: 'an arithmetic',
  average: 'an arithmetic',
  median: 'an arithmetic',
  percentile: 'an arithmetic',
  min: 'a smallest or largest value',
  max: 'a smallest or largest value',
  last: 'a newest value',
};

/** What one panel means: its kind has what it needs, and its fields are declared and fit. */
export function checkPanel(panel: PanelDeclaration, scope: DashboardScope, report: Report): void {
  checkNeeds(panel, report);
  const { measures = [], by = [], columns = [], when } = panel;
  if (when !== undefined) checkDashboardCondition(when, scope, below(report, 'when'));
  for (const [index, measure] of measures.entries()) checkMeasure(measure, scope, below(report, `measures[${index}]`));
  for (const [index, bucket] of by.entries()) checkBucket(bucket, scope, below(report, `by[${index}]`));
  for (const [index, column] of columns.entries()) checkDashboardField(column, undefined, scope, below(report, `columns[${index}]`));
  const [first] = measures;
  const ranked = by.some(({ field, order = 'value' }) => field !== undefined && order === 'value');
  if (first?.kind === 'last' && ranked)
    report('measures[0]', 'top values cannot be ranked by a newest value', 'Put another measure first, or give each by order: name.');
}

function checkNeeds(panel: PanelDeclaration, report: Report): void {
  const { kind, measures = [], by = [] } = panel;
  const { must = [], may = [], ...counts } = needs[kind];
  checkCount('measures', measures.length, counts.measures, kind, report);
  checkCount('by', by.length, counts.by, kind, report);
  for (const key of must) {
    if (panel[key] === undefined) report('', `${key} is missing: a panel of kind ${kind} needs it`, `Add ${key}.`);
  }
  const known = new Set<string>(['title', 'kind', 'measures', 'by', ...must, ...may, ...(kind === 'markdown' ? [] : ['when'])]);
  for (const key of Object.keys(panel)) {
    if (!known.has(key)) report(key, `a panel of kind ${kind} has no ${key}`, 'Remove it.');
  }
  if (kind === 'time' && by.length > 0 && measures.length > 1) report('measures', 'a series that is broken down has one measure', 'Leave one, or remove by.');
}

function checkCount(key: string, count: number, [least, most]: Range, kind: string, report: Report): void {
  if (count >= least && count <= most) return;
  const range = least === most ? `${least}` : `${least} to ${most}`;
  report(key, `a panel of kind ${kind} has ${range} ${key}, not ${count}`, count < least ? `Add to ${key}.` : `Remove from ${key}.`);
}

function checkMeasure({ kind, field, percent, when }: MeasureDeclaration, scope: DashboardScope, report: Report): void {
  if ((kind === 'count') !== (field === undefined)) {
    report(
      '',
      kind === 'count' ? 'a count has no field' : `a measure of kind ${kind} needs a field`,
      kind === 'count' ? 'Remove field; use when.' : 'Add field.',
    );
  }
  if ((kind === 'percentile') !== (percent !== undefined)) {
    report(
      '',
      kind === 'percentile' ? 'a percentile needs percent' : `a measure of kind ${kind} has no percent`,
      'Write percent with kind percentile, and only there.',
    );
  }
  if (kind !== 'count' && field !== undefined) checkDashboardField(field, uses[kind], scope, below(report, 'field'));
  if (when !== undefined) checkDashboardCondition(when, scope, below(report, 'when'));
}

function checkBucket(bucket: BucketDeclaration, scope: DashboardScope, report: Report): void {
  const { field, groups } = bucket;
  if ((field === undefined) === (groups === undefined)) report('', 'values come from one of field and groups', 'Write either field or groups.');
  if (field !== undefined) checkDashboardField(field, 'a list of top values', scope, below(report, 'field'));
  for (const key of ['size', 'rest', 'order'] as const) {
    if (groups !== undefined && bucket[key] !== undefined) report(key, `groups have no ${key}`, 'Remove it.');
  }
  for (const [index, group] of (groups ?? []).entries()) checkDashboardCondition(group.when, scope, below(report, `groups[${index}].when`));
}
