import Handlebars from 'handlebars';
import { load } from 'js-yaml';

/** What the input gets of a rendered template. */
export interface AgentConfig {
  readonly program: string;
  readonly state: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[] | null;
  readonly processors: readonly object[];
  readonly [option: string]: unknown;
}

type Value = string | boolean | readonly string[];

/** Fleet quotes text that YAML would read as a number. */
function quote(value: Value): Value {
  if (Array.isArray(value)) return value.map((item) => String(quote(item)));
  return typeof value === 'string' && value !== '' && !Number.isNaN(Number(value)) ? `"${value}"` : value;
}

/** Renders a stream's template as Fleet does: Handlebars without escaping, text quoted where it looks like a number, then YAML. */
export function renderAgentTemplate(template: string, variables: Readonly<Record<string, Value>>): AgentConfig {
  const handlebars = Handlebars.create();
  handlebars.registerHelper('contains', function (this: unknown, item: string, list: readonly string[] | undefined, options: Handlebars.HelperOptions) {
    return list?.includes(item) ? options.fn(this) : options.inverse(this);
  });
  const quoted = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, quote(value)]));
  return load(handlebars.compile(template, { noEscape: true })(quoted)) as AgentConfig;
}
