import type { SourceDefinition } from '../definition/definition.ts';
import { isCursorPages } from '../definition/is-cursor-pages.ts';
import { CloudflareError } from '../errors.ts';
import { mayEndPages } from './error-table.ts';
import { nextCursor } from './next-cursor.ts';
import { nextPage, type PageState, type ReadPage } from './next-page.ts';
import { openBatches } from './open-batches.ts';
import type { AnswerHead, Call, Client } from './open-client.ts';
import { parsePage } from './parse-page.ts';
import { type ReadRequest, toCall, type Window } from './to-call.ts';
import { type CollectedRecord, openToRecord, type ToRecord } from './to-record.ts';

/** One reading of a source. */
export interface Reading {
  readonly client: Client;
  readonly source: SourceDefinition;
  readonly request: ReadRequest;
  readonly signal: AbortSignal;
}

interface PageReading extends Reading {
  readonly toRecord: ToRecord;
}

/**
 * Reads a window of a source that answers in pages; every record once, in the order in which they come, batches of at most 1 MiB.
 * @throws CloudflareError also for a page that cannot be read, after the records before it were given
 * @throws InterruptedError when the signal fires
 */
export async function* readPages(given: Reading): AsyncGenerator<readonly CollectedRecord[], void, undefined> {
  const reading: PageReading = { ...given, toRecord: openToRecord(given.source, given.request.scopeId) };
  const first = toFirst(reading);
  let state = first;
  for (;;) {
    const call = { ...toCall(reading.source, reading.request, state), patient: state !== first };
    const page = await readPage(reading, call, state);
    const next = isNamed(reading.source) ? nextCursor(state, page) : nextPage(state, page);
    if (next.kind === 'capped') throw toCapped({ ...reading, call, head: page.head });
    if (next.lost !== undefined) passOver(reading, next.lost, toCapped({ ...reading, call, head: page.head }));
    yield* toBatches(page, state);
    if (next.kind === 'end') return;
    state = next.state;
  }
}

/** No shorter window can be asked for than a second, so that one alone is lost. */
function passOver({ request }: Reading, lost: Window, error: CloudflareError): void {
  if (request.onLost === undefined) throw error;
  request.onLost(lost, error.message);
}

function isNamed({ page }: SourceDefinition): boolean {
  return page !== undefined && isCursorPages(page);
}

function toFirst({ source, request }: Reading): PageState {
  const { since, before } = request.window;
  // An exclusive bound would leave out the events of exactly that time.
  const sinceMs = source.window.inclusive === 'none' ? since - 1000 : since;
  return { sinceMs, beforeMs: before, number: 1, seen: new Map(), probing: false, inclusive: false };
}

function toBatches({ records }: ReadPage, { seen }: PageState): readonly (readonly CollectedRecord[])[] {
  const batches = openBatches();
  for (const record of records) if (!seen.has(record.id)) batches.add(record);
  return batches.takeAll();
}

interface AnsweredPage extends ReadPage {
  readonly head: AnswerHead;
}

async function readPage(reading: PageReading, call: Call, state: PageState): Promise<AnsweredPage> {
  try {
    return await fetchPage(reading, call);
  } catch (error) {
    // Some servers answer the page after a full last one with 400 instead of an empty list; a cursor may be too old.
    if (!(error instanceof CloudflareError) || !mayEndPages(state.number, error)) throw error;
    return { records: [], full: false, refused: isNamed(reading.source), head: { status: 400, headers: { 'cf-ray': error.ray } } };
  }
}

function fetchPage({ client, source, signal, toRecord }: PageReading, call: Call): Promise<AnsweredPage> {
  const sizes = Object.keys(source.page?.size ?? {}).map((key) => Number(call.query[key]));
  return client.fetch(
    call,
    (body, head) => {
      const page = parsePage(body, source.records, source.page !== undefined && isCursorPages(source.page) ? source.page.from : []);
      if (page.kind !== 'page') throw toRefused({ client, call, head }, page);
      // A server that gives smaller pages than asked for must not make them look like the last.
      const size = Math.min(...sizes, page.pageSize ?? Number.POSITIVE_INFINITY);
      const full = source.page !== undefined && page.records.length >= size;
      return { records: page.records.map(toRecord), full, cursor: page.cursor, head };
    },
    signal,
  );
}

interface Refusing {
  readonly client: Client;
  readonly call: Call;
  readonly head: AnswerHead;
}

/** The error for a body that is no list of records, whatever its status. */
export function toRefused({ client, call, head }: Refusing, page: Exclude<ReturnType<typeof parsePage>, { kind: 'page' }>): CloudflareError {
  switch (page.kind) {
    case 'refused':
      return client.refuse(call, { ...head, body: page.errors });
    case 'noJson':
      return client.refuse(call, { ...head, body: '', fault: 'no-json', detail: 'with a body that is no JSON' });
    case 'noList':
      return client.refuse(call, { ...head, body: '', fault: 'no-list', detail: 'with a body that holds no list of records' });
  }
}

function toCapped({ client, call, head }: Refusing): CloudflareError {
  const detail = 'with fewer records than the window holds: it gives no more pages, but there are more records';
  return client.refuse(call, { ...head, body: '', fault: 'capped', detail });
}
