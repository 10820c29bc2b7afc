import type { GroupStep, ListedStep, Step, TextStep } from '../step.ts';
import { type ConditionFacts, openConditionFacts } from './condition-facts.ts';
import type { ConditionScope } from './painless-condition.ts';
import { quote, toIdentifier } from './painless-text.ts';
import { openWordFacts, type WordFacts } from './word-facts.ts';

const LIST_CONVERSIONS: ReadonlySet<string> = new Set(['keywords', 'longs', 'object', 'scalars']);

/** The variables, tables and functions of a script while it is generated. */
export interface ScriptScope extends ConditionScope {
  /** The expression that reads a path of the record, or below `_conf.` what the sender knows. */
  readonly readRecord: (path: string) => string;
  /** The variable of the object that holds a path of the record; undefined where that is the record or `_conf` itself. */
  readonly parentOf: (path: string) => string | undefined;
  /** The statement that puts an expression into a field of the document. */
  readonly put: (field: string, expression: string) => string;
  /** The statement that puts constants into fields below one object of the document. */
  readonly putAll: (parent: string, constants: Readonly<Record<string, unknown>>) => string;
  /** A table with values, as the expression for it. */
  readonly values: (table: Readonly<Record<string, unknown>>) => string;
  /** Declarations of the objects that are read and written, outermost first: name to expression. */
  readonly variables: ReadonlyMap<string, string>;
  /** Statements that hang the objects written into the document, innermost first. */
  readonly attachments: () => readonly string[];
  /** What conditions have found out about words. */
  readonly words: WordFacts;
  /** What is known about conditions that steps share. */
  readonly facts: ConditionFacts;
  readonly functions: ReadonlyMap<string, string>;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Opens the scope of one script over the record in `json`, `conf` and the document in `ctx`. */
export function openScope(steps: readonly Step[]): ScriptScope {
  const { variables, attachments, toPlace } = openObjects();
  const { params, add, name } = openTables();
  const { functions, define } = openFunctions();
  const made = toMadeFields(steps);
  const read = (field: string): string => {
    const whole = [...made.keys()].find((key) => field.startsWith(`${key}.`));
    const [parent, key] = toPlace('ctx', 'doc', whole ?? field);
    const below = whole === undefined ? [] : field.slice(whole.length + 1).split('.');
    return below.reduce((expression, part) => `at(${expression}, ${quote(part)})`, `${parent}.get(${key})`);
  };
  const words = openWordFacts({ read, name });
  const facts = openConditionFacts(steps);
  const toRecordPlace = (path: string): readonly [parent: string, key: string] =>
    path.startsWith('_conf.') ? toPlace('conf', 'conf', path.slice('_conf.'.length)) : toPlace('json', 'in', path);
  return {
    variables,
    functions,
    params,
    define,
    read,
    words,
    facts,
    recall: facts.test,
    hasWord: words.test,
    attachments: () => attachments,
    values: add,
    table: (values) => add(Object.fromEntries(values.map((value) => [value, true]))),
    isScalar: (field) => made.get(field) === true,
    readRecord: (path) => {
      const [parent, key] = toRecordPlace(path);
      return `${parent}.get(${key})`;
    },
    parentOf: (path) => {
      const [parent] = toRecordPlace(path);
      return parent === 'json' || parent === 'conf' ? undefined : parent;
    },
    put: (field, expression) => {
      words.forget(field);
      facts.forget(field);
      const [parent, key] = toPlace('ctx', 'doc', field);
      return `put(${parent}, ${key}, ${expression});`;
    },
    putAll: (parent, constants) => {
      const fields = Object.keys(constants).map((key) => `${parent}.${key}`);
      for (const field of fields) {
        words.forget(field);
        facts.forget(field);
      }
      const [variable] = toPlace('ctx', 'doc', fields[0] as string);
      return `${variable}.putAll(${add(constants)});`;
    },
  };
}

/** Makes one variable for each object that is read or written. */
function openObjects() {
  const variables = new Map<string, string>();
  const names = new Map<string, string>();
  const attachments: string[] = [];
  const toChild = (root: string, prefix: string, keys: readonly string[]): string => {
    if (keys.length === 0) return root;
    const path = `${prefix}.${keys.join('.')}`;
    const known = names.get(path);
    if (known !== undefined) return known;
    const parent = toChild(root, prefix, keys.slice(0, -1));
    const key = quote(keys.at(-1) as string);
    const plain = toIdentifier(path);
    const name = variables.has(plain) ? `${plain}_${names.size}` : plain;
    names.set(path, name);
    // What is only read may be one and the same empty object.
    variables.set(name, prefix === 'doc' ? `mapOf(${parent}.get(${key}))` : `mapOr(${parent}.get(${key}), none)`);
    if (prefix === 'doc') attachments.unshift(`attach(${parent}, ${key}, ${name});`);
    return name;
  };
  const toPlace = (root: string, prefix: string, path: string): readonly [parent: string, key: string] => {
    const keys = path.split('.');
    return [toChild(root, prefix, keys.slice(0, -1)), quote(keys.at(-1) as string)];
  };
  return { variables, attachments, toPlace };
}

/** The fields that steps make, each with whether every one of them makes a scalar. */
function toMadeFields(steps: readonly Step[]): ReadonlyMap<string, boolean> {
  const made = new Map<string, boolean>();
  const add = (field: string, scalar: boolean): void => {
    made.set(field, scalar && made.get(field) !== false);
  };
  for (const step of steps) {
    if (step.kind === 'convert') add(step.field, !step.wrap && !LIST_CONVERSIONS.has(step.to));
    else if (step.kind === 'set') add(step.field, !Array.isArray(step.value));
    else if (step.kind === 'collect') add(step.field, false);
    else if (isScalarStep(step)) add(step.field, true);
    else if (step.kind === 'rule') for (const [field, value] of Object.entries(step.set)) add(field, !Array.isArray(value));
  }
  return made;
}

function isScalarStep(step: Step): step is TextStep | GroupStep | ListedStep {
  return ['text', 'group', 'listed'].includes(step.kind);
}

function openTables() {
  const params: Record<string, unknown> = {};
  const names = new Map<string, string>();
  const add = (table: Readonly<Record<string, unknown>>): string => {
    const content = JSON.stringify(table);
    const known = names.get(content) ?? `table_${names.size + 1}`;
    names.set(content, known);
    params[known] = table;
    return `params.${known}`;
  };
  const name = (wanted: string, table: Readonly<Record<string, unknown>>): string => {
    const free = wanted in params ? `${wanted}_${Object.keys(params).length}` : wanted;
    params[free] = table;
    return `params.${free}`;
  };
  return { params, add, name };
}

function openFunctions() {
  const functions = new Map<string, string>();
  const names = new Map<string, string>();
  const define = (key: string, body: (name: string) => string): string => {
    const name = names.get(key) ?? `matches_${names.size + 1}`;
    names.set(key, name);
    if (!functions.has(name)) functions.set(name, body(name));
    return name;
  };
  return { functions, define };
}
