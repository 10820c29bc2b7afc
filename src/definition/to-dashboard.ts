import type { BucketDeclaration, DashboardDeclaration, MeasureDeclaration, PanelDeclaration } from './dashboard-declaration.ts';
import type { BucketDefinition, DashboardDefinition, DashboardField, MeasureDefinition, PanelDefinition } from './dashboard-definition.ts';
import type { ConditionDeclaration } from './declaration.ts';
import type { Condition } from './definition.ts';
import { toCondition } from './to-condition.ts';

/** What makes a name of a field the field, with its type. */
export type FindField = (name: string) => DashboardField | undefined;

const defaultSize = 10;
const events: MeasureDefinition = { kind: 'count', label: 'Events' };

/** A checked declaration as data: defaults filled in, fields with their types. */
export function toDashboard(name: string, declaration: DashboardDeclaration, find: FindField): DashboardDefinition {
  const { title, description, streams, controls = [], panels } = declaration;
  return {
    name,
    title,
    description,
    streams,
    controls: controls.map((control) => ({ title: control.title, field: toField(control.field, find) })),
    panels: panels.map((panel) => toPanel(panel, find)),
  };
}

function toField(name: string, find: FindField): DashboardField {
  return find(name) ?? { name, type: 'keyword' };
}

function toPanel(panel: PanelDeclaration, find: FindField): PanelDefinition {
  const { title, kind, question = '', size = 'medium', measures, by = [], columns = [], text = '', opens } = panel;
  if (kind === 'markdown') return { kind, title, size, text };
  const asked = { title, size, question, ...toWhen(panel.when) };
  if (kind === 'events') return { kind, ...asked, columns };
  return {
    kind,
    ...asked,
    style: panel.style ?? 'bars',
    measures: measures === undefined ? [events] : measures.map((measure) => toMeasure(measure, find)),
    buckets: by.map((bucket) => toBucket(bucket, find)),
    ...(opens === undefined ? {} : { opens }),
  };
}

function toWhen(when: ConditionDeclaration | undefined): { readonly when?: Condition } {
  return when === undefined ? {} : { when: toCondition(when) };
}

function toMeasure({ kind, label, field, percent, when }: MeasureDeclaration, find: FindField): MeasureDefinition {
  return {
    kind,
    label,
    ...(field === undefined ? {} : { field: toField(field, find) }),
    ...(percent === undefined ? {} : { percent }),
    ...toWhen(when),
  };
}

function toBucket({ label, field = '', groups, size, rest, order }: BucketDeclaration, find: FindField): BucketDefinition {
  if (groups !== undefined) return { kind: 'groups', label, groups: groups.map((group) => ({ label: group.label, when: toCondition(group.when) })) };
  return { kind: 'values', label, field: toField(field, find), size: size ?? defaultSize, rest: rest ?? false, order: order ?? 'value' };
}
