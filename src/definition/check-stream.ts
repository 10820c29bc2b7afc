import { checkChoices } from './check-choices.ts';
import { checkMembers } from './check-members.ts';
import { checkSource } from './check-source.ts';
import { checkVariables } from './check-variables.ts';
import type { FieldDeclaration, SourceDeclaration, StreamDeclaration, VariableDeclaration } from './declaration.ts';
import { below, type Report } from './report.ts';
import { suggest } from './suggest.ts';

interface StreamContext {
  /** Names of variables that stand in manifest.yml, with where. */
  readonly taken: ReadonlyMap<string, string>;
  /** Undefined where fields.yml could not be read. */
  readonly fields: readonly FieldDeclaration[] | undefined;
  readonly report: Report;
}

const idVariables = { account: 'account_id', zone: 'zone_id' } as const;

/** What stream.yml means: its sources, its variables, and that each has what it needs of the other. */
export function checkStream(stream: StreamDeclaration, { taken, fields, report }: StreamContext): void {
  const { sources = [], variables = [] } = stream;
  for (const [index, source] of sources.entries()) {
    checkSource(source, variables, below(report, `sources[${index}]`));
    if (sources.findIndex(({ name }) => name === source.name) !== index) {
      report(`sources[${index}].name`, `the source ${source.name} is declared already`, 'Give each source a name of its own.');
    }
  }
  checkVariables(variables, taken, below(report, 'variables'));
  checkNeededVariables(sources, variables, report);
  checkChoices(sources, variables, report);
  checkMembers(sources, variables, report);
  checkPresets(stream, fields, report);
  checkListed(variables, fields, report);
}

function checkNeededVariables(sources: readonly SourceDeclaration[], variables: readonly VariableDeclaration[], report: Report): void {
  const needed = new Map<string, string>();
  for (const { name, scope, query = {} } of sources) {
    for (const variable of ['interval', 'initial_interval']) needed.set(variable, `the source ${name}`);
    if (scope !== 'user') needed.set(idVariables[scope], `the source ${name} of scope ${scope}`);
    if (Object.values(query).includes('${fields}')) needed.set('fields', `\${fields} of the source ${name}`);
  }
  for (const [variable, by] of needed) {
    if (!variables.some(({ name }) => name === variable)) report('variables', `the variable ${variable} is missing: ${by} needs it`, `Declare ${variable}.`);
  }
}

function checkListed(variables: readonly VariableDeclaration[], fields: StreamContext['fields'], report: Report): void {
  for (const { name, listed } of fields ?? []) {
    if (listed === undefined) continue;
    const found = variables.find((variable) => variable.name === listed.in);
    if (found === undefined)
      report('variables', `the variable ${listed.in} is missing: ${name} looks in it`, `Declare ${listed.in} with type: text and multi: true.`);
    else if (found.type !== 'text' || found.multi !== true)
      report('variables', `${listed.in} is no list of texts, but ${name} looks in it`, `Declare ${listed.in} with type: text and multi: true.`);
  }
}

function checkPresets(stream: StreamDeclaration, fields: StreamContext['fields'], report: Report): void {
  const { sources = [], variables = [], presets = {} } = stream;
  const names = Object.keys(presets);
  const choice = variables.find(({ type }) => type === 'fields');
  if (choice === undefined && names.length > 0)
    report('presets', 'there are presets, but no variable of type fields', 'Declare the variable fields, or remove presets.');
  for (const value of [choice?.default ?? []].flat().map(String)) {
    if (!names.includes(value))
      report('variables', `the default of fields is ${value}, which is no preset`, `${suggest(value, names)}Presets: ${names.join(', ')}.`);
  }
  const mapped = listMappedNames(sources, fields);
  for (const [name, members] of Object.entries(presets)) checkPreset(members, mapped, below(report, `presets.${name}`));
}

function checkPreset(members: readonly string[], mapped: readonly string[] | undefined, report: Report): void {
  for (const [index, member] of members.entries()) {
    if (members.indexOf(member) !== index) report(`[${index}]`, `${member} stands twice in the preset`, 'Remove one of the two.');
    if (mapped !== undefined && !mapped.includes(member)) {
      report(
        `[${index}]`,
        `${member} is asked for, but no field is made from it`,
        `${suggest(member, mapped)}Declare a field with from: ${member}, or remove it.`,
      );
    }
  }
}

/** First parts of all record paths that something is made from; undefined where fields.yml could not be read. */
function listMappedNames(sources: readonly SourceDeclaration[], fields: StreamContext['fields']): readonly string[] | undefined {
  if (fields === undefined) return undefined;
  const paths = [
    ...sources.flatMap(({ id, time }) => [...id, time]),
    ...fields.flatMap(({ from, between, point }) => [...[from ?? []].flat(), ...(between ?? []), ...(point ?? [])]),
  ];
  return [...new Set(paths.map((path) => path.split('.')[0] ?? path))];
}
