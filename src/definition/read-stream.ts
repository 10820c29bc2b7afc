import { checkConstantCategories } from './check-categories.ts';
import { checkFields } from './check-fields.ts';
import { checkRules, checkUnset } from './check-rules.ts';
import { checkStream } from './check-stream.ts';
import type { FieldDeclaration, RuleDeclaration, StreamDeclaration } from './declaration.ts';
import type { StreamDefinition, Variable } from './definition.ts';
import { readYaml } from './read-yaml.ts';
import type { Report } from './report.ts';
import { toFields } from './to-fields.ts';
import { toRule } from './to-rule.ts';
import { toSource } from './to-source.ts';
import { toVariables } from './to-variables.ts';

interface StreamPlace {
  readonly folder: string;
  /** Makes a report for one of the stream's files. */
  readonly reportOf: (file: string) => Report;
  /** Names of variables that stand in manifest.yml, with where. */
  readonly taken: ReadonlyMap<string, string>;
  /** Added behind the variables of a stream with sources. */
  readonly shared: readonly Variable[];
}

/** One data stream from its folder; undefined where a file could not be read. Every fault is reported. */
export async function readStream(name: string, place: StreamPlace): Promise<StreamDefinition | undefined> {
  const at = (file: string) => {
    const path = `data_stream/${name}/${file}`;
    return { folder: place.folder, file: path, report: place.reportOf(path) };
  };
  const [streamFile, fieldsFile, rulesFile] = [at('stream.yml'), at('fields.yml'), at('rules.yml')];
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    streamFile.report('', `the folder name ${name} is no name of a data stream`, 'Use lower-case letters, digits and underscores.');
  const stream = await readYaml<StreamDeclaration>('stream', streamFile);
  const fields = await readYaml<readonly FieldDeclaration[]>('fields', fieldsFile);
  const rules = await readYaml<readonly RuleDeclaration[]>('rules', { ...rulesFile, missing: [] });
  if (stream !== undefined) checkStream(stream, { taken: place.taken, fields, report: streamFile.report });
  if (fields !== undefined) {
    checkFields(fields, fieldsFile.report);
    checkConstantCategories(fields, fieldsFile.report);
  }
  if (fields !== undefined && rules !== undefined) {
    checkRules(rules, fields, rulesFile.report);
    checkUnset(fields, rules, fieldsFile.report);
  }
  const whole = stream !== undefined && fields !== undefined && rules !== undefined;
  return whole ? toStream(name, { stream, fields, rules, shared: place.shared }) : undefined;
}

interface StreamFiles {
  readonly stream: StreamDeclaration;
  readonly fields: readonly FieldDeclaration[];
  readonly rules: readonly RuleDeclaration[];
  readonly shared: readonly Variable[];
}

function toStream(name: string, { stream, fields, rules, shared }: StreamFiles): StreamDefinition {
  const { title, description, sources = [], variables = [], presets = {} } = stream;
  return {
    name,
    title,
    description,
    sources: sources.map(toSource),
    variables: sources.length === 0 ? toVariables(variables) : [...toVariables(variables), ...shared],
    presets,
    fields: toFields(fields),
    rules: rules.map(toRule),
  };
}
