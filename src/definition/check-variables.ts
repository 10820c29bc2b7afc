import type { VariableDeclaration } from './declaration.ts';
import type { VariableValue } from './definition.ts';
import { parseDuration } from './duration.ts';
import type { Report } from './report.ts';

const secretName = /(access_key|api_key|passphrase|password|secret|token)/;
const notSecretName = /(_file|_url)$/;

/** What variables mean: names are unique, secrets are declared so, defaults can be values. `taken` are names that stand elsewhere, with where. */
export function checkVariables(variables: readonly VariableDeclaration[], taken: ReadonlyMap<string, string>, report: Report): void {
  const seen = new Map(taken);
  for (const [index, variable] of variables.entries()) {
    const path = `[${index}]`;
    const first = seen.get(variable.name);
    if (first !== undefined) report(`${path}.name`, `the variable ${variable.name} is declared already in ${first}`, 'Remove one of the two.');
    else seen.set(variable.name, 'this list');
    checkSecret(variable, path, report);
    checkOptions(variable, path, report);
    checkDefault(variable, path, report);
    checkAll(variable, path, report);
  }
}

function checkSecret({ name, type }: VariableDeclaration, path: string, report: Report): void {
  if (type !== 'secret' && secretName.test(name) && !notSecretName.test(name)) {
    report(`${path}.type`, `the name ${name} says that it is a secret`, 'Give it the type secret, or another name.');
  }
}

function checkOptions({ name, type, options }: VariableDeclaration, path: string, report: Report): void {
  if (type === 'select' && options === undefined) report(path, `the select ${name} has no options`, 'Add options with at least two values.');
  if (type !== 'select' && options !== undefined)
    report(`${path}.options`, `${name} has options, but is no select`, 'Give it the type select, or remove options.');
}

/** Only accounts and zones can be listed. */
function checkAll({ name, type, multi, all }: VariableDeclaration, path: string, report: Report): void {
  if (all !== true || (type === 'id' && multi === true && /^(account|zone)_id$/.test(name))) return;
  report(
    `${path}.all`,
    `${name} takes all, but is no list of account or zone ids`,
    'Remove all, or declare account_id or zone_id with type: id and multi: true.',
  );
}

function checkDefault(variable: VariableDeclaration, path: string, report: Report): void {
  if (variable.default === undefined) return;
  const fault = describeDefault(variable, variable.default);
  if (fault !== undefined) report(`${path}.default`, ...fault);
}

function describeDefault(variable: VariableDeclaration, given: VariableValue): readonly [message: string, hint: string] | undefined {
  const { name, type, multi = false } = variable;
  if (type === 'secret') return [`the secret ${name} has a default`, 'Remove default: a secret that all know is none.'];
  if (Array.isArray(given) && !multi) return [`${name} takes one value, but its default is a list`, 'Add multi: true, or write one value.'];
  if (!Array.isArray(given) && multi) return [`${name} takes a list, but its default is one value`, 'Write the default as list.'];
  const wrong = [given].flat().find((value) => !fits(value, variable));
  return wrong === undefined ? undefined : [`${JSON.stringify(wrong)} is no ${type} for ${name}`, hintFor(variable)];
}

function fits(value: unknown, { type, options }: VariableDeclaration): boolean {
  switch (type) {
    case 'bool':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'duration':
      return typeof value === 'string' && /^(\d+(ms|[smh]))+$/.test(value) && parseDuration(value) !== undefined;
    case 'id':
      return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
    case 'url':
      return typeof value === 'string' && URL.canParse(value);
    case 'select':
      return options === undefined || options.includes(String(value));
    default:
      return typeof value === 'string';
  }
}

function hintFor({ type, options }: VariableDeclaration): string {
  if (type === 'duration') return 'Write hours, minutes, seconds or milliseconds, e.g. 24h or 5m; the form in Kibana knows no days.';
  if (type === 'select') return `Use one of: ${options?.join(', ')}.`;
  if (type === 'id') return 'Write 32 lower-case hexadecimal digits.';
  return 'Write a value of that type.';
}
