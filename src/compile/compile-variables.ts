import type { Variable, VariableType } from '../definition/definition.ts';

/** Names of Kibana's form controls; `duration` becomes `text` because the format knows no durations before 3.5. */
const formTypes: Readonly<Record<VariableType, string>> = {
  text: 'text',
  secret: 'password',
  url: 'url',
  duration: 'text',
  bool: 'bool',
  integer: 'integer',
  id: 'text',
  select: 'select',
  ssl: 'yaml',
  yaml: 'yaml',
  fields: 'text',
};

/** Names for which the package format demands that `secret` is said, true or false. */
const secretName = /access_key|api_key|passphrase|password|secret|token/;

/** What the form says where the collector takes a word that Elastic Agent refuses: the form may be the collector's, too. */
const ALL = 'Only the collector takes the word all.';

/** One control of Kibana's form, as the package format names its properties. */
export type FormVariable = Readonly<Record<string, unknown>>;

function toFormVariable(variable: Variable): FormVariable {
  const options = variable.options?.map((value) => ({ value, text: value }));
  return {
    name: variable.name,
    type: formTypes[variable.type],
    title: variable.title,
    description: variable.all === true ? `${variable.description} ${ALL}` : variable.description,
    multi: variable.multi,
    required: variable.required,
    show_user: variable.showUser,
    ...(variable.secret || secretName.test(variable.name) ? { secret: variable.secret } : {}),
    ...(variable.type === 'url' ? { url_allowed_schemes: ['https', 'http'] } : {}),
    ...(options === undefined ? {} : { options }),
    ...(variable.default === undefined ? {} : { default: variable.default }),
  };
}

/** The controls of Kibana's form for these variables, in their order; without those that only the collector takes. */
export function compileVariables(variables: readonly Variable[]): readonly FormVariable[] {
  return variables.filter((variable) => variable.for !== 'collector').map(toFormVariable);
}
