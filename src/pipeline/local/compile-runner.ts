import type { StreamDefinition } from '../../definition/definition.ts';
import { FAILED_KIND, KEEP_TAG, NO_OBJECT, PARSE_TAG } from '../frame.ts';
import type { LookUps } from '../look-ups.ts';
import { parseRecord } from '../parse-record.ts';
import { toSteps } from '../to-steps.ts';
import { childOf, isObject, type JsonObject, type JsonValue } from '../value.ts';
import { compileId } from './compile-id.ts';
import { type Act, compileStep, type Work } from './compile-step.ts';

export { stringifyDocument } from '../stringify-document.ts';

/** An event on its way in: the record as JSON text in `message`, what only the sender knows in `_conf`, and `tags`; more is kept. */
export type Envelope = Readonly<Record<string, unknown>>;

/** A document as it is stored, and the id it is stored under. */
export interface RunResult {
  readonly id: string;
  /** May hold bigint: write it with `stringifyDocument`. */
  readonly document: JsonObject;
  /** Name of the declared rule that leaves the event out; then the document is not whole and must not be stored. */
  readonly dropped?: string;
}

/** Runs one event; `now` becomes the time of a record without one. It never throws: a record that fails is marked. */
export type Runner = (envelope: Envelope, now: Date) => RunResult;

/**
 * Compiles a stream's mapping to closures. What `lookUps` cannot look up (`leftOutFields`) is left out.
 * @default lookUps none
 */
export function compileRunner(stream: StreamDefinition, lookUps: LookUps = {}): Runner {
  const steps = toSteps(stream);
  const acts = steps.map((step) => compileStep(step, lookUps)).filter((act) => act !== undefined);
  const toId = compileId(steps);
  return (envelope, now) => {
    const { document, conf, original } = open(envelope);
    const { record, error } = parse(original);
    const errors: string[] = error === undefined ? [] : [error];
    const id = toId({ record, conf, raw: typeof original === 'string' ? original : '' });
    const dropped = error === undefined ? runAll(acts, { record, conf, document, errors }) : undefined;
    if (dropped !== undefined) return { id, document, dropped };
    document['@timestamp'] ??= now.toISOString();
    finish(document, errors);
    return { id, document };
  };
}

/** Ends at once where a rule leaves the event out, and returns its name. */
export function runAll(acts: readonly Act[], work: Work): string | undefined {
  for (const act of acts) {
    act(work);
    if (work.dropped !== undefined) break;
  }
  return work.dropped;
}

function open({ message, _conf, ...rest }: Envelope): { readonly document: JsonObject; readonly conf: JsonObject; readonly original: JsonValue | undefined } {
  const document = copyObjects(rest as JsonObject);
  const event: JsonObject = isObject(document.event) ? document.event : {};
  const original = event.original ?? (message as JsonValue | undefined);
  if (original !== undefined) event.original = original;
  document.event = event;
  return { document, conf: isObject(_conf) ? (_conf as JsonObject) : {}, original };
}

function copyObjects(document: JsonObject): JsonObject {
  for (const [key, value] of Object.entries(document)) if (isObject(value)) document[key] = structuredClone(value);
  return document;
}

function parse(original: JsonValue | undefined): { readonly record: JsonObject; readonly error: string | undefined } {
  try {
    if (original === undefined) throw new SyntaxError('field [original] not present as part of path [event.original]');
    const record = parseRecord(String(original));
    return isObject(record) ? { record, error: undefined } : { record: {}, error: NO_OBJECT };
  } catch (error) {
    // A stack overflow is a RangeError: such a record is refused like any other that cannot be read.
    return { record: {}, error: `Processor json with tag ${PARSE_TAG} in pipeline local failed with message: ${(error as Error).message}` };
  }
}

function finish(document: JsonObject, errors: readonly string[]): void {
  const event = document.event as JsonObject;
  const tags = toList(document.tags);
  if (errors.length > 0) {
    event.kind = FAILED_KIND;
    const error = isObject(document.error) ? document.error : {};
    document.error = { ...error, message: [...toList(childOf(error, 'message')), ...errors] };
    document.tags = tags.includes(KEEP_TAG) ? tags : [...tags, KEEP_TAG];
  } else if (!tags.includes(KEEP_TAG)) {
    delete event.original;
  }
}

function toList(value: JsonValue | undefined): JsonValue[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
