import type { Scalar, TextPhrase } from '../../definition/definition.ts';
import { CONVERSIONS, MISFIT } from '../conversion.ts';
import type { LookUps } from '../look-ups.ts';
import { toDuration } from '../parse-time.ts';
import { toPoint } from '../point.ts';
import type { CollectStep, ConvertStep, DropStep, DurationStep, EnrichStep, MappingStep, PointStep, Step, TextStep } from '../step.ts';
import { childOf, isAbsent, type JsonObject, type JsonValue, kindOf, toText } from '../value.ts';
import { compileCondition } from './compile-condition.ts';
import { compileEnrich } from './compile-enrich.ts';
import { compileGroup, compileListed } from './compile-table.ts';
import { compileGet, compilePut } from './path.ts';

/** What a step works on. */
export interface Work {
  readonly record: JsonObject;
  readonly conf: JsonObject;
  readonly document: JsonObject;
  /** One line for each field whose value did not fit. */
  readonly errors: string[];
  /** Name of the rule that leaves the event out, once there is one. */
  dropped?: string;
}

/** A step that the in-process backend can take, compiled. */
export type Act = (work: Work) => void;

/** Compiles a step to a closure; undefined for what another part does (the id) and for a look-up of a kind that is not given. */
export function compileStep(step: Step, lookUps: LookUps): Act | undefined {
  if (step.kind === 'id') return undefined;
  const act = step.kind === 'enrich' ? compileGiven(step, lookUps) : compileAct(step);
  if (step.when === undefined || act === undefined) return act;
  const test = compileCondition(step.when);
  return (work) => {
    if (test(work.document)) act(work);
  };
}

function compileGiven(step: EnrichStep, lookUps: LookUps): Act | undefined {
  const lookUp = lookUps[step.enrich];
  return lookUp && compileEnrich(step, lookUp);
}

function compileAct(step: MappingStep | DropStep): Act {
  if (step.kind === 'drop') return compileDrop(step);
  if (step.kind === 'convert') return compileConvert(step);
  if (step.kind === 'duration') return compileDuration(step);
  if (step.kind === 'point') return compilePoint(step);
  if (step.kind === 'text') return compileText(step);
  if (step.kind === 'collect') return compileCollect(step);
  if (step.kind === 'group') return compileGroup(step);
  if (step.kind === 'listed') return compileListed(step);
  const puts = Object.entries(step.kind === 'set' ? { [step.field]: step.value } : step.set).map(([field, value]) => compileSet(field, value));
  return (work) => {
    for (const put of puts) put(work);
  };
}

function compileSet(field: string, value: Scalar | readonly Scalar[]): Act {
  const put = compilePut(field);
  return ({ document }) => put(document, Array.isArray(value) ? [...(value as readonly Scalar[])] : (value as Scalar));
}

function compileDrop({ name, variable, byDefault }: DropStep): Act {
  return (work) => {
    const chosen = childOf(work.conf, variable);
    if (byDefault ? chosen !== false : chosen === true) work.dropped ??= name;
  };
}

function compileConvert(step: ConvertStep): Act {
  const { convert } = CONVERSIONS[step.to];
  const read = compileRead(step);
  const put = compilePut(step.field);
  return (work) => {
    const value = read(work);
    if (isAbsent(value)) return;
    const converted = convert(value);
    if (converted === MISFIT) work.errors.push(`${step.field}: ${kindOf(value)} does not fit ${step.to}`);
    else if (converted !== undefined) put(work.document, step.wrap ? [converted] : converted);
  };
}

function compileRead({ from, absent, values, cut }: ConvertStep): (work: Work) => JsonValue | undefined {
  const reads = from.map(compileReadPath);
  const drop = compileLeave(new Set(absent.map(toText)));
  const replace = compileReplace(new Map(Object.entries(values)));
  const part = compileCut(cut);
  return (work) => {
    for (const read of reads) {
      const value = drop(read(work));
      if (!isAbsent(value)) return part(replace(value));
    }
    return undefined;
  };
}

function compileReadPath(path: string): (work: Work) => JsonValue | undefined {
  const isConf = path.startsWith('_conf.');
  const get = compileGet(isConf ? path.slice('_conf.'.length) : path);
  return ({ record, conf }) => get(isConf ? conf : record);
}

function compileDuration({ field, start, end }: DurationStep): Act {
  const getStart = compileReadPath(start);
  const getEnd = compileReadPath(end);
  const put = compilePut(field);
  return (work) => {
    const nanos = toDuration(getStart(work), getEnd(work));
    if (nanos !== undefined) put(work.document, nanos);
  };
}

function compilePoint({ field, lat, lon }: PointStep): Act {
  const getLat = compileReadPath(lat);
  const getLon = compileReadPath(lon);
  const put = compilePut(field);
  return (work) => {
    const point = toPoint(getLat(work), getLon(work));
    if (point !== undefined) put(work.document, point);
  };
}

function compileText({ field, parts }: TextStep): Act {
  const toParts = parts.map((phrases) => phrases.map(compilePhrase));
  const put = compilePut(field);
  return ({ document }) => {
    const text = toParts.map((phrases) => firstText(phrases, document)).join('');
    if (text !== '') put(document, text);
  };
}

type ToText = (document: JsonObject) => string | undefined;

function firstText(phrases: readonly ToText[], document: JsonObject): string {
  for (const toPhrase of phrases) {
    const text = toPhrase(document);
    if (text !== undefined) return text;
  }
  return '';
}

function compilePhrase(phrase: TextPhrase): ToText {
  const pieces = phrase.map((piece) => ('literal' in piece ? () => piece.literal : compileGet(piece.field)));
  return (document) => {
    const texts = pieces.map((get) => toText(get(document)) ?? '');
    return texts.includes('') ? undefined : texts.join('');
  };
}

function compileCut(cut: ConvertStep['cut']): Change {
  if (cut === undefined) return (value) => value;
  const { side, separator } = cut;
  return (value) => {
    const at = typeof value === 'string' ? value.indexOf(separator) : -1;
    if (typeof value !== 'string' || (at < 0 && side === 'before')) return value;
    if (side === 'before') return value.slice(0, at);
    return at < 0 ? undefined : value.slice(at + separator.length);
  };
}

type Change = (value: JsonValue | undefined) => JsonValue | undefined;

function compileLeave(absent: ReadonlySet<string | undefined>): Change {
  if (absent.size === 0) return (value) => value;
  const isKept = (value: JsonValue | undefined): boolean => !absent.has(toText(value));
  return (value) => (Array.isArray(value) ? value.filter(isKept) : isKept(value) ? value : undefined);
}

function compileReplace(values: ReadonlyMap<string | undefined, Scalar>): Change {
  if (values.size === 0) return (value) => value;
  const replace = (value: JsonValue): JsonValue => values.get(toText(value)) ?? value;
  return (value) => (Array.isArray(value) ? value.map(replace) : value === undefined ? undefined : replace(value));
}

function compileCollect(step: CollectStep): Act {
  const gets = step.from.map(compileGet);
  const put = compilePut(step.field);
  return ({ document }) => {
    const texts = new Set<string>();
    for (const get of gets) for (const item of [get(document)].flat()) texts.add(toText(item) ?? '');
    texts.delete('');
    if (texts.size > 0) put(document, [...texts]);
  };
}
