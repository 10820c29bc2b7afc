import { checkConstantCategories } from './check-categories.ts';
import { checkDrops } from './check-drops.ts';
import { checkFields } from './check-fields.ts';
import { checkRules, checkUnset } from './check-rules.ts';
import { checkStream } from './check-stream.ts';
import type { DropDeclaration, FieldDeclaration, RuleDeclaration, StreamDeclaration } from './declaration.ts';
import type { StreamDefinition, Variable } from './definition.ts';
import { type RecordPlace, readRecord } from './read-record.ts';
import { readYaml } from './read-yaml.ts';
import { isSetting, toDrops } from './to-drops.ts';
import { toFields } from './to-fields.ts';
import { toRule } from './to-rule.ts';
import { toSource } from './to-source.ts';
import { toVariables } from './to-variables.ts';

interface StreamPlace extends RecordPlace {
  /** Names of variables that stand in manifest.yml, with where. */
  readonly taken: ReadonlyMap<string, string>;
  /** Added behind the variables of a stream with sources. */
  readonly shared: readonly Variable[];
}

/** One data stream from its folder; undefined where a file could not be read. Every fault is reported. */
export async function readStream(name: string, place: StreamPlace): Promise<StreamDefinition | undefined> {
  const file = `data_stream/${name}/stream.yml`;
  const report = place.reportOf(file);
  if (!/^[a-z][a-z0-9_]*$/.test(name)) report('', `the folder name ${name} is no name of a data stream`, 'Use lower-case letters, digits and underscores.');
  const stream = await readYaml<StreamDeclaration>('stream', { folder: place.folder, file, report });
  const { fields, rules } = await readRecord(name, stream, place);
  if (stream !== undefined) checkStream(stream, { taken: place.taken, fields: fields?.entries, report });
  if (fields !== undefined) {
    checkFields(fields.entries, fields.report);
    checkConstantCategories(fields.entries, fields.report);
  }
  if (fields !== undefined && rules !== undefined) {
    checkRules(rules.entries, fields.entries, rules.report);
    checkUnset(fields.entries, rules.entries.filter(isSetting), fields.report);
    if (stream !== undefined) {
      checkDrops(rules.entries, { fields: fields.entries, variables: toAllVariables(stream, place.shared), report: rules.report });
    }
  }
  const whole = stream !== undefined && fields !== undefined && rules !== undefined;
  return whole ? toStream(name, { stream, fields: fields.entries, rules: rules.entries, shared: place.shared }) : undefined;
}

interface StreamFiles {
  readonly stream: StreamDeclaration;
  readonly fields: readonly FieldDeclaration[];
  readonly rules: readonly (RuleDeclaration | DropDeclaration)[];
  readonly shared: readonly Variable[];
}

function toStream(name: string, { stream, fields, rules, shared }: StreamFiles): StreamDefinition {
  const { title, description, enabled, same_record_as: sameRecordAs, sources = [], variables: declared = [], presets = {} } = stream;
  const variables = toAllVariables(stream, shared);
  return {
    name,
    title,
    description,
    ...(enabled === undefined ? {} : { enabled }),
    ...(sameRecordAs === undefined ? {} : { sameRecordAs }),
    sources: sources.map((source) => toSource(source, declared)),
    variables,
    presets,
    fields: toFields(fields),
    rules: rules.filter(isSetting).map(toRule),
    drops: toDrops(rules, variables),
  };
}

/** A stream without sources has nothing that a connection is asked for. */
function toAllVariables({ sources = [], variables = [] }: StreamDeclaration, shared: readonly Variable[]): readonly Variable[] {
  return sources.length === 0 ? toVariables(variables) : [...toVariables(variables), ...shared];
}
