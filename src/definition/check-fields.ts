import { checkCondition } from './check-allowed.ts';
import { checkFieldOrigin } from './check-field-origin.ts';
import type { FieldDeclaration } from './declaration.ts';
import { ecsFieldNames, findEcsField } from './ecs.ts';
import { enrichmentLeaves } from './enrichment-leaves.ts';
import { below, type Report } from './report.ts';
import { suggest } from './suggest.ts';
import { listConditionFields, toCondition } from './to-condition.ts';
import { findEnrichment } from './to-fields.ts';

/** What compile adds to every stream; nobody declares it. */
const added = new Set([
  'data_stream.type',
  'data_stream.dataset',
  'data_stream.namespace',
  'event.module',
  'event.dataset',
  'input.type',
  'tags',
  'error.message',
]);
const needed = ['@timestamp', 'ecs.version', 'event.kind'];

/** What fields.yml means: names and types against ECS, origins, and what fields say of one another. */
export function checkFields(fields: readonly FieldDeclaration[], report: Report): void {
  const before = new Map<string, FieldDeclaration>();
  const later = new Set(fields.map(({ name }) => name));
  for (const [index, field] of fields.entries()) {
    const at = below(report, `[${index}]`);
    if (before.has(field.name)) at('name', `${field.name} is declared already`, 'Remove one of the two.');
    checkName(field, at);
    checkFieldOrigin(field, { before, later, report: at });
    checkWhen(field, before, at);
    before.set(field.name, field);
  }
  checkParents(fields, report);
  checkLeaves(fields, report);
  for (const name of needed) {
    if (!before.has(name)) report('', `${name} is missing`, `Declare ${name}: every document needs it.`);
  }
}

function checkName(field: FieldDeclaration, report: Report): void {
  const { name, type, description } = field;
  if (added.has(name)) report('name', `${name} is added to every stream`, 'Remove it.');
  if (added.has(name) || findEnrichment(field) !== undefined) return;
  if (findEcsField(name) === undefined) {
    checkOwn(field, report);
    return;
  }
  if (type !== undefined) report('type', `${name} is a field of ECS, which has its type`, 'Remove type.');
  if (description !== undefined) report('description', `${name} is a field of ECS, which has its description`, 'Remove description.');
}

function checkOwn({ name, type, description }: FieldDeclaration, report: Report): void {
  if (!name.startsWith('cloudflare.')) {
    report('name', `${name} is no field of ECS`, `${suggest(name, ecsFieldNames)}Our own fields stand below cloudflare.`);
    return;
  }
  if (type === undefined) report('', `${name} has no type`, 'Add type: it is our own field.');
  if (description === undefined) report('', `${name} has no description`, 'Add description: it is our own field.');
}

function checkWhen({ when }: FieldDeclaration, before: ReadonlyMap<string, FieldDeclaration>, report: Report): void {
  if (when === undefined) return;
  const condition = toCondition(when);
  for (const name of listConditionFields(condition)) {
    if (!before.has(name))
      report('when', `the condition names ${name}, which is not declared above`, `${suggest(name, [...before.keys()])}Declare it above this field.`);
  }
  checkCondition(condition, 'when', report);
}

function checkParents(fields: readonly FieldDeclaration[], report: Report): void {
  const values = new Set(fields.filter((field) => findEnrichment(field) === undefined).map(({ name }) => name));
  for (const [index, { name }] of fields.entries()) {
    const parts = name.split('.');
    const parent = parts.map((_, length) => parts.slice(0, length).join('.')).find((prefix) => values.has(prefix));
    if (parent !== undefined) report(`[${index}].name`, `${name} stands below ${parent}, which holds a value itself`, 'Rename one of the two.');
  }
}

/** An enrichment replaces everything below its name, so nothing else may make a field there, except what it is made from. */
function checkLeaves(fields: readonly FieldDeclaration[], report: Report): void {
  for (const field of fields) {
    const enrich = findEnrichment(field);
    if (enrich === undefined) continue;
    const leaves = new Set(enrichmentLeaves[enrich].map((leaf) => `${field.name}.${leaf}`));
    for (const [index, { name }] of fields.entries()) {
      if (leaves.has(name) && name !== field[enrich]) report(`[${index}].name`, `${name} is filled by ${field.name}`, 'Remove one of the two.');
    }
  }
}
