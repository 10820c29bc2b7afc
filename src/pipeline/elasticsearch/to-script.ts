import { DefinitionError } from '../../errors.ts';
import { KEEP_TAG, NO_OBJECT } from '../frame.ts';
import type { IdStep, Step } from '../step.ts';
import { functionsFor } from './functions/functions-for.ts';
import { toIdFunction, toStatement } from './painless-step.ts';
import { quote } from './painless-text.ts';
import { openScope } from './script-scope.ts';
import { renderStatements } from './statement.ts';

/** A script as the `script` processor takes it. */
export interface Script {
  readonly source: string;
  /** Tables that the script looks up; absent where it has none. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Elasticsearch refuses a longer script. */
const MAX_BYTES = 65_535;
/** The Java virtual machine never compiles a method of more than 8000 bytes, so long scripts are cut into functions. */
const STATEMENTS_PER_FUNCTION = 25;

/** Types of the variables that are no maps. */
const ARRAYS: Readonly<Record<string, string>> = { words: 'long[]', facts: 'boolean[]' };

const TIMESTAMP = `if (ctx.get('@timestamp') == null) { ctx.put('@timestamp', isoTime(metadata().now.toInstant().toEpochMilli())); }`;

/** Ends the script for an event that is left out, before the rest is done. */
const LEFT_OUT = `if (ctx.containsKey('_conf')) { return; }`;

/**
 * The whole mapping of a stream as one script: it never fails by itself, marks an event whose values don't fit, and removes what is
 * temporary.
 * @throws DefinitionError when it is longer than Elasticsearch takes
 */
export function toMappingScript(stream: string, steps: readonly Step[]): Script {
  const scope = openScope(steps);
  const statements = steps.flatMap((step) => (step.kind === 'id' || step.kind === 'enrich' ? [] : [{ step, statement: toStatement(step, scope) }]));
  const split = statements.findLastIndex(({ step }) => step.kind === 'drop') + 1;
  const toPart = (part: typeof statements) => renderStatements(part.map(({ statement }) => statement));
  const variables = [...scope.variables.keys()];
  const first = toFunctions(toPart(statements.slice(0, split)), { variables, before: 0 });
  const rest = toFunctions(toPart(statements.slice(split)), { variables, before: first.functions.length });
  const wordCount = scope.words.count();
  const factCount = scope.facts.count();
  const values = [...scope.variables.values()];
  const declarations = [
    ...(values.some((value) => value.includes(', none)')) ? ['Map none = new HashMap();'] : []),
    ...(wordCount === 0 ? [] : [`long[] words = new long[${wordCount}];`]),
    ...(factCount === 0 ? [] : [`boolean[] facts = new boolean[${factCount}];`]),
    ...[...scope.variables].map(([name, value]) => `Map ${name} = ${value};`),
  ];
  const calls = split === 0 ? rest.calls : [...first.calls, LEFT_OUT, ...rest.calls];
  const mapping = [...declarations, ...calls, ...scope.attachments()];
  const main = `def record = ctx.remove('json');
Map json = mapOf(record);
Map conf = mapOf(ctx.remove('_conf'));
List errors = new ArrayList();
if (ctx._id == null) { ctx._id = documentId(json, conf, ctx.event?.original); }
if (!(record instanceof Map)) {
  errors.add(${quote(NO_OBJECT)});
}${mapping.length === 0 ? '' : ` else {\n${indent(mapping.join('\n'))}\n}`}
${TIMESTAMP}
if (!errors.isEmpty()) { fail(ctx, errors); }`;
  const code = [...scope.functions.values(), toIdFunction(idStepOf(steps)), ...first.functions, ...rest.functions, main].join('\n');
  const source = [...functionsFor(code), code].join('\n');
  checkLength(stream, source);
  return Object.keys(scope.params).length === 0 ? { source } : { source, params: scope.params };
}

/** What a pipeline runs at its end: names of networks as ECS has them, and `event.original` only for who asked or for an event that failed. */
export function toFinishScript(steps: readonly Step[]): Script {
  const networks = steps.flatMap((step) => (step.kind === 'enrich' && step.enrich === 'as' ? [step.field.split('.')] : []));
  const names = networks.map((keys) => `nameNetwork(${keys.reduce((parent, key) => `at(${parent}, ${quote(key)})`, 'ctx')});`);
  const code = [...names, `if (!isTagged(ctx.get('tags'), ${quote(KEEP_TAG)})) { mapOf(ctx.get('event')).remove('original'); }`].join('\n');
  return { source: [...functionsFor(code), code].join('\n') };
}

/** What a pipeline runs where a processor failed: the id and the time that every document needs. Total like the mapping. */
export function toFailureScript(steps: readonly Step[]): Script {
  const main = `if (ctx._id == null) { ctx._id = documentId(new HashMap(), mapOf(ctx.get('_conf')), ctx.event?.original); }
${TIMESTAMP}`;
  const code = `${toIdFunction(idStepOf(steps))}\n${main}`;
  return { source: [...functionsFor(code), code].join('\n') };
}

function idStepOf(steps: readonly Step[]): IdStep {
  const step = steps.find(({ kind }) => kind === 'id');
  return step?.kind === 'id' ? step : { kind: 'id', tag: 'id_document', sources: [] };
}

interface FunctionPlace {
  /** Those that statements may use. */
  readonly variables: readonly string[];
  /** How many functions there are already. */
  readonly before: number;
}

/** Cuts statements into functions that take the variables they use. */
function toFunctions(
  statements: readonly string[],
  { variables, before }: FunctionPlace,
): { readonly calls: readonly string[]; readonly functions: readonly string[] } {
  const calls: string[] = [];
  const functions: string[] = [];
  for (let start = 0; start < statements.length; start += STATEMENTS_PER_FUNCTION) {
    const body = statements.slice(start, start + STATEMENTS_PER_FUNCTION).join('\n');
    const words = new Set(body.replaceAll(/'(?:[^'\\]|\\.)*'|\/\/.*/g, "''").match(/\b[A-Za-z_]\w*\b/g));
    const used = ['ctx', 'json', 'conf', 'params', 'words', 'facts', ...variables].filter((name) => words.has(name));
    const name = `map${before + functions.length + 1}`;
    // A function of Painless does not see ctx and params, and must not name a parameter like them.
    const renamed = used.map((variable) => (variable === 'ctx' ? 'doc' : variable === 'params' ? 'tables' : variable));
    calls.push(`${name}(${[...used, 'errors'].join(', ')});`);
    functions.push(
      `void ${name}(${[...renamed.map((variable) => `${ARRAYS[variable] ?? 'Map'} ${variable}`), 'List errors'].join(', ')}) {\n${indent(rename(body))}\n}`,
    );
  }
  return { calls, functions };
}

function rename(body: string): string {
  return body.replaceAll(/'(?:[^'\\]|\\.)*'|\bctx\b|\bparams\b/g, (part) => (part === 'ctx' ? 'doc' : part === 'params' ? 'tables' : part));
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}

function checkLength(stream: string, source: string): void {
  const bytes = Buffer.byteLength(source);
  if (bytes <= MAX_BYTES) return;
  const message = `the mapping makes a script of ${bytes} bytes, and Elasticsearch takes ${MAX_BYTES}`;
  const hint = 'Declare fewer fields and rules, or merge rules whose conditions differ only in the value.';
  throw new DefinitionError([{ file: `data_stream/${stream}/fields.yml`, path: '', message, hint }]);
}
