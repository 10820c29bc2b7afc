import { checkAllowed } from './check-allowed.ts';
import { checkTables } from './check-tables.ts';
import { fitsType, givesList, impliedConversion, listConversions } from './conversion-types.ts';
import type { FieldDeclaration } from './declaration.ts';
import { findEcsField } from './ecs.ts';
import { enrichmentLeaves } from './enrichment-leaves.ts';
import type { Report } from './report.ts';
import { suggest } from './suggest.ts';
import { findEnrichment } from './to-fields.ts';
import { listTextFields } from './to-text-parts.ts';

interface OriginContext {
  /** Fields declared above, by name. */
  readonly before: ReadonlyMap<string, FieldDeclaration>;
  /** Names of all fields of the file. */
  readonly later: ReadonlySet<string>;
  readonly report: Report;
}

const origins = ['from', 'value', 'collect', 'geo', 'as', 'user_agent', 'between', 'point', 'text', 'groups', 'listed', 'by'] as const;
const onlyWithFrom = ['to', 'absent', 'values', 'before', 'after'] as const;

/** Where a field's value comes from: exactly one origin, which fits the field's type and names only fields declared above. */
export function checkFieldOrigin(field: FieldDeclaration, context: OriginContext): void {
  const { report } = context;
  const given = origins.filter((origin) => field[origin] !== undefined);
  if (given.length !== 1) {
    const has = given.length === 0 ? 'no origin' : `more than one origin: ${given.join(', ')}`;
    report('', `${field.name} has ${has}`, `Say with one of them how it is made: ${origins.join(', ')}.`);
  }
  for (const key of field.from === undefined ? onlyWithFrom : []) {
    if (field[key] !== undefined) report(key, `${key} says how a value of the record is read, but ${field.name} has no from`, `Add from, or remove ${key}.`);
  }
  if (field.from !== undefined) checkRecord(field, report);
  if (field.value !== undefined) checkConstant(field, field.value, report);
  checkTwoPaths(field, report);
  if (field.collect !== undefined) checkCollect(field, field.collect, context);
  if (field.text !== undefined) checkText(field, field.text, context);
  for (const key of ['groups', 'listed'] as const) field[key]?.of.forEach((name) => void findAbove(name, `${key}.of`, context));
  checkTables(field, typeOf(field), report);
  checkEnrichment(field, context);
}

function checkTwoPaths(field: FieldDeclaration, report: Report): void {
  if (field.between !== undefined && typeOf(field) !== 'long')
    report('between', `${field.name} is ${typeOf(field)}, but nanoseconds need long`, 'Use a field of type long.');
  if (field.point !== undefined && typeOf(field) !== 'geo_point')
    report('point', `${field.name} is ${typeOf(field)}, but a place needs geo_point`, 'Use a field of type geo_point, e.g. client.geo.location.');
}

function typeOf(field: FieldDeclaration): string {
  return findEcsField(field.name)?.type ?? field.type ?? 'keyword';
}

function isArray(field: FieldDeclaration): boolean {
  return findEcsField(field.name)?.normalize.includes('array') ?? false;
}

function checkRecord(field: FieldDeclaration, report: Report): void {
  const type = typeOf(field);
  const fitting = listConversions(type);
  if (fitting.length === 0) {
    report('from', `${field.name} is ${type}, which no value of a record can become`, 'Use another field.');
    return;
  }
  const to = field.to ?? impliedConversion(type, isArray(field));
  if (!fitting.includes(to)) report('to', `${to} does not fit ${field.name}, which is ${type}`, `${suggest(to, fitting)}What fits: ${fitting.join(', ')}.`);
  if (givesList(to) && findEcsField(field.name) !== undefined && !isArray(field)) {
    report('to', `${to} gives a list, but ${field.name} of ECS holds one value`, `Use ${impliedConversion(type, false)}, or another field.`);
  }
  if (field.before !== undefined && field.after !== undefined) report('after', `${field.name} has before and after`, 'Keep one of them.');
  for (const path of [field.from ?? []].flat()) checkPath(path, report);
  checkAllowed(field.name, Object.values(field.values ?? {}), (message, hint) => report('values', message, hint));
}

/** What the sender knows of each event. */
const confPaths = [
  '_conf.source',
  '_conf.account_id',
  '_conf.zone_id',
  ...['actor', 'target'].flatMap((role) => [`_conf.${role}.name`, `_conf.${role}.email`]),
];

function checkPath(path: string, report: Report): void {
  if (!/^[\w@-]+(\.[\w@-]+)*$/.test(path)) report('from', `${JSON.stringify(path)} is no path`, 'Write keys joined by dots, e.g. action.type.');
  if (path.startsWith('_conf.') && !confPaths.includes(path)) {
    report('from', `${path} is nothing that the sender knows`, `${suggest(path, confPaths)}Use one of: ${confPaths.join(', ')}.`);
  }
}

function checkConstant(field: FieldDeclaration, value: NonNullable<FieldDeclaration['value']>, report: Report): void {
  const type = typeOf(field);
  const values = [value].flat();
  if (isArray(field) && !Array.isArray(value)) report('value', `${field.name} holds a list`, 'Write the value as list.');
  if (!isArray(field) && Array.isArray(value) && findEcsField(field.name) !== undefined) report('value', `${field.name} holds one value`, 'Write one value.');
  const wrong = values.find((one) => !fitsType(one, type));
  if (wrong !== undefined) report('value', `${JSON.stringify(wrong)} is no ${type} for ${field.name}`, 'Write a value of that type; quotes make a text.');
  checkAllowed(field.name, values, (message, hint) => report('value', message, hint));
}

function checkCollect(field: FieldDeclaration, names: readonly string[], { before, later, report }: OriginContext): void {
  for (const name of names) {
    const source = findAbove(name, 'collect', { before, later, report });
    if (source === undefined) continue;
    const [from, to] = [typeOf(source), typeOf(field)];
    if ((from === 'ip') !== (to === 'ip')) report('collect', `${name} is ${from}, but ${field.name} is ${to}`, `Collect only fields of type ${to}.`);
  }
}

function checkText(field: FieldDeclaration, text: NonNullable<FieldDeclaration['text']>, context: OriginContext): void {
  const type = typeOf(field);
  if (!listConversions(type).includes('keyword')) context.report('text', `${field.name} is ${type}, but a text needs keyword or text`, 'Use another field.');
  for (const name of listTextFields(text)) {
    const source = findAbove(name, 'text', context);
    if (source !== undefined && isArray(source)) context.report('text', `${name} holds a list, which is no text`, 'Name a field that holds one value.');
  }
}

function checkEnrichment(field: FieldDeclaration, context: OriginContext): void {
  const enrich = findEnrichment(field);
  if (enrich === undefined) return;
  const missing = enrichmentLeaves[enrich].find((leaf) => findEcsField(`${field.name}.${leaf}`) === undefined);
  if (missing !== undefined) {
    context.report(
      'name',
      `ECS has no ${field.name}.${missing}`,
      `Name the place ECS has for it, e.g. ${enrich === 'user_agent' ? 'user_agent' : `source.${enrich}`}.`,
    );
  }
  const source = findAbove(field[enrich] ?? '', enrich, context);
  const wanted = enrich === 'user_agent' ? 'keyword' : 'ip';
  if (source !== undefined && typeOf(source) !== wanted) {
    context.report(enrich, `${source.name} is ${typeOf(source)}, but ${enrich} needs ${wanted}`, `Name a field of type ${wanted}.`);
  }
}

function findAbove(name: string, path: string, { before, later, report }: OriginContext): FieldDeclaration | undefined {
  const found = before.get(name);
  if (found !== undefined) return found;
  if (later.has(name)) report(path, `${name} is declared below`, 'Move it above this field.');
  else report(path, `${name} is not declared`, `${suggest(name, [...before.keys()])}Declare it above this field.`);
  return undefined;
}
