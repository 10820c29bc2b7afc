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

/** A value as the form gives it; those of type yaml are YAML text. */
export type FormValue = string | boolean | readonly string[];

/** Fleet's versions differ in whether they quote text that YAML would read as a number; templates must bear both. */
export type FleetQuoting = 'quotes numbers' | 'quotes nothing';

/** Variables of type yaml: Fleet puts a mark into the template, and the parsed value where YAML then shows the mark. */
const YAML_VARIABLES: ReadonlySet<string> = new Set(['ssl', 'processors']);

function quote(value: FormValue): FormValue {
  if (Array.isArray(value)) return value.map((item) => String(quote(item)));
  return typeof value === 'string' && value !== '' && !Number.isNaN(Number(value)) ? `"${value}"` : value;
}

function createHandlebars(): typeof Handlebars {
  const handlebars = Handlebars.create();
  handlebars.registerHelper('contains', function (this: unknown, item: string, list: readonly string[] | undefined, options: Handlebars.HelperOptions) {
    return list?.includes(item) ? options.fn(this) : options.inverse(this);
  });
  handlebars.registerHelper('escape_string', (text: string | undefined) => (text ? `'${text.replaceAll("'", "''")}'` : undefined));
  return handlebars;
}

function replaceMarks(value: unknown, marks: ReadonlyMap<unknown, unknown>): unknown {
  if (marks.has(value)) return marks.get(value);
  if (Array.isArray(value)) return value.map((item) => replaceMarks(item, marks));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceMarks(item, marks)]));
}

/** Renders a stream's template as Fleet does: Handlebars without escaping, then YAML. */
export function renderAgentTemplate(template: string, variables: Readonly<Record<string, FormValue>>, quoting: FleetQuoting = 'quotes numbers'): AgentConfig {
  const given = Object.entries(variables);
  const marks = new Map(given.filter(([name]) => YAML_VARIABLES.has(name)).map(([name, text]) => [`##${name}##`, load(String(text))]));
  const written = given.map(([name, value]) => {
    if (YAML_VARIABLES.has(name)) return [name, value === '' ? null : `"##${name}##"`];
    return [name, quoting === 'quotes numbers' ? quote(value) : value];
  });
  const text = createHandlebars().compile(template, { noEscape: true })(Object.fromEntries(written));
  return replaceMarks(load(text), marks) as AgentConfig;
}
