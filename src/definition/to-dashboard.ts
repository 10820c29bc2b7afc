import type { BucketDeclaration, DashboardDeclaration, MeasureDeclaration, PanelDeclaration } from './dashboard-declaration.ts';
import type { BucketDefinition, DashboardDefinition, DashboardField, MeasureDefinition, PanelDefinition } from './dashboard-definition.ts';
import type { ConditionDeclaration } from './declaration.ts';
import type { Condition } from './definition.ts';
import { toCondition } from './to-condition.ts';

/** The fields of the dashboard's streams by name. */
type Fields = ReadonlyMap<string, DashboardField>;

const defaultSize = 10;
const events: MeasureDefinition = { kind: 'count', label: 'Events' };

/** A checked declaration as data: defaults filled in, fields with their types. */
export function toDashboard(name: string, declaration: DashboardDeclaration, fields: Fields): DashboardDefinition {
  const { title, description, streams, controls = [], panels } = declaration;
  return {
    name,
    title,
    description,
    streams,
    controls: controls.map((control) => ({ title: control.title, field: toField(control.field, fields) })),
    panels: panels.map((panel) => toPanel(panel, fields)),
  };
}

function toField(name: string, fields: Fields): DashboardField {
  return fields.get(name) ?? { name, type: 'keyword' };
}

function toPanel(panel: PanelDeclaration, fields: Fields): PanelDefinition {
  const { title, kind, question = '', measures, by = [], columns = [], text = '', opens } = panel;
  const size = panel.size ?? (kind === 'markdown' || kind === 'events' ? 'full' : 'medium');
  if (kind === 'markdown') return { kind, title, size, text };
  const asked = { title, size, question, ...toWhen(panel.when) };
  if (kind === 'events') return { kind, ...asked, columns };
  return {
    kind,
    ...asked,
    style: panel.style ?? 'bars',
    measures: measures === undefined ? [events] : measures.map((measure) => toMeasure(measure, fields)),
    buckets: by.map((bucket) => toBucket(bucket, fields)),
    ...(opens === undefined ? {} : { opens }),
  };
}

function toWhen(when: ConditionDeclaration | undefined): { readonly when?: Condition } {
  return when === undefined ? {} : { when: toCondition(when) };
}

function toMeasure({ kind, label, field, percent, when }: MeasureDeclaration, fields: Fields): MeasureDefinition {
  return {
    kind,
    label,
    ...(field === undefined ? {} : { field: toField(field, fields) }),
    ...(percent === undefined ? {} : { percent }),
    ...toWhen(when),
  };
}

function toBucket({ label, field = '', groups, size, rest, order }: BucketDeclaration, fields: Fields): BucketDefinition {
  if (groups !== undefined) return { kind: 'groups', label, groups: groups.map((group) => ({ label: group.label, when: toCondition(group.when) })) };
  return { kind: 'values', label, field: toField(field, fields), size: size ?? defaultSize, rest: rest ?? false, order: order ?? 'value' };
}
