import Handlebars from 'handlebars';
import { dump, load } from 'js-yaml';
import type { FilledForm } from './make-policy.ts';
import type { InstalledPackage, PackageInfo } from './package-info.ts';
import type { PolicyInput, PolicyStream, PolicyVars } from './package-policy.ts';
import { Refused } from './reply.ts';
import { isSecretRef } from './secrets.ts';

/** Text of an agent template by `DATA_STREAM/TEMPLATE_PATH`. */
export type AgentTemplates = InstalledPackage['templates'];

const fleet = Handlebars.create();
fleet.registerHelper('contains', function (this: unknown, item: string, list: readonly string[] | string | undefined, options: Handlebars.HelperOptions) {
  return list?.includes(item) === true ? options.fn(this) : '';
});
fleet.registerHelper('escape_string', (text: string | undefined) => {
  if (!text) return undefined;
  return text.includes('\n') ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`;
});
fleet.registerHelper('escape_multiline_string', (text: string | undefined) => (text ? text.replaceAll("'", "''").replaceAll('\n', '\\n') : undefined));
fleet.registerHelper('to_json', (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)));
fleet.registerHelper('url_encode', (text: string) => encodeURIComponent(text));

/**
 * The form with what an agent would be told of each switched-on stream: its template filled in, and read as YAML.
 * @throws {Refused} for a template that cannot be filled in, or gives no YAML
 */
export function compileStreams({ info, templates }: Pick<InstalledPackage, 'info' | 'templates'>, form: FilledForm): FilledForm {
  const compile = (input: PolicyInput, stream: PolicyStream): PolicyStream => {
    const template = findTemplate(info, templates, { dataset: stream.data_stream.dataset, type: input.type });
    if (template === undefined || !input.enabled || !stream.enabled) return stream;
    return { ...stream, compiled_stream: compileOne(template, { ...form.vars, ...input.vars, ...stream.vars }) };
  };
  return { ...form, inputs: form.inputs.map((input) => ({ ...input, streams: input.streams.map((stream) => compile(input, stream)) })) };
}

function findTemplate(
  info: PackageInfo,
  templates: AgentTemplates,
  { dataset, type }: { readonly dataset: string; readonly type: string },
): string | undefined {
  const dataStream = info.data_streams.find((one) => one.dataset === dataset);
  const stream = dataStream?.streams?.find(({ input }) => input === type);
  return stream === undefined ? undefined : templates[`${dataStream?.path}/${stream.template_path}`];
}

function compileOne(template: string, vars: PolicyVars): unknown {
  const values = Object.fromEntries(Object.entries(vars).map(([name, one]) => [name, toTemplateValue(name, one.type, one.value)]));
  const trees = Object.entries(vars).flatMap(([name, { type, value }]) =>
    type === 'yaml' && value ? [[toPlaceholder(name), load(String(value))] as const] : [],
  );
  const text = fill(template, values);
  const rooted = trees.reduce((rest, [placeholder, tree]) => rest.replace(new RegExp(`^"${placeholder}"`, 'gm'), () => dump(tree)), text);
  try {
    return replaceTrees(load(rooted), new Map(trees));
  } catch (error) {
    throw new Refused(400, String(error));
  }
}

function fill(template: string, values: Readonly<Record<string, unknown>>): string {
  try {
    return fleet.compile(template, { noEscape: true })(values);
  } catch (error) {
    throw new Refused(400, `Error while compiling agent template: ${String(error)}`);
  }
}

/** Stands in a text for a tree, until the text is read as YAML. */
function toPlaceholder(name: string): string {
  return `##${name}##`;
}

function toTemplateValue(name: string, type: string | undefined, value: unknown): unknown {
  if (type === 'yaml') return value ? `"${toPlaceholder(name)}"` : null;
  if (isSecretRef(value)) return value.id === undefined ? value.ids?.map(toSecretText) : toSecretText(value.id);
  return value;
}

/** What an agent replaces by the secret. */
function toSecretText(id: string): string {
  return `$co.elastic.secret{${id}}`;
}

function replaceTrees(value: unknown, trees: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === 'string') return trees.has(value) ? trees.get(value) : value;
  if (Array.isArray(value)) return value.map((item) => replaceTrees(item, trees));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceTrees(item, trees)]));
}
