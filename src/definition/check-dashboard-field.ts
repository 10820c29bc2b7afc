import { checkCondition } from './check-allowed.ts';
import type { DashboardField } from './dashboard-definition.ts';
import type { ConditionDeclaration } from './declaration.ts';
import type { Scalar } from './definition.ts';
import { type FieldUse, fittingTypes, isNumeric } from './fitting-types.ts';
import type { Report } from './report.ts';
import { suggest } from './suggest.ts';
import { listTests, type TestCondition, toCondition } from './to-condition.ts';

/** What a dashboard may name. */
export interface DashboardScope {
  /** Fields of the dashboard's streams that can be asked by. */
  readonly fields: ReadonlyMap<string, DashboardField>;
  /** The dashboard's streams, for messages. */
  readonly streams: readonly string[];
}

/** Reports a field that no stream of the dashboard declares, or whose type does not fit its use. */
export function checkDashboardField(name: string, use: FieldUse | undefined, { fields, streams }: DashboardScope, report: Report): void {
  const field = fields.get(name);
  if (field === undefined) {
    report(
      '',
      `${name} is no field that ${streams.join(' or ')} can be asked by`,
      `${suggest(name, [...fields.keys()])}Declare it in fields.yml, with index and doc_values, or name another.`,
    );
    return;
  }
  const types: readonly string[] = use === undefined ? [field.type] : fittingTypes[use];
  if (!types.includes(field.type)) report('', `${name} is of type ${field.type}, which does not fit ${use}`, `Take a field of type ${types.join(', ')}.`);
}

/** Reports a condition that Kibana's query language cannot say, or that the fields' types make always false. */
export function checkDashboardCondition(when: ConditionDeclaration, scope: DashboardScope, report: Report): void {
  const condition = toCondition(when);
  for (const test of listTests(condition)) {
    checkDashboardField(test.field, undefined, scope, (_, message, hint) => report('', message, hint));
    const fault = findTestFault(test, scope.fields.get(test.field));
    if (fault !== undefined) report('', ...fault);
  }
  checkCondition(condition, '', report);
}

function findTestFault(test: TestCondition, field: DashboardField | undefined): readonly [message: string, hint: string] | undefined {
  if (test.kind === 'matches' || test.kind === 'words')
    return [`Kibana cannot be asked where ${test.field} ${test.kind === 'words' ? 'has words' : 'matches'}`, 'Use a value, in, exists, at_least or below.'];
  if (field === undefined || test.kind === 'exists') return undefined;
  if (test.kind === 'range') return isNumeric(field) ? undefined : [`${field.name} is of type ${field.type}, which is no number`, 'Use a value, in or exists.'];
  const wanted = isNumeric(field) ? 'number' : field.type === 'boolean' ? 'boolean' : 'string';
  const odd = (test.kind === 'equals' ? [test.value] : test.values).find((value: Scalar) => typeof value !== wanted);
  return odd === undefined ? undefined : [`${field.name} is of type ${field.type} and is never ${JSON.stringify(odd)}`, `Write a ${wanted}.`];
}
