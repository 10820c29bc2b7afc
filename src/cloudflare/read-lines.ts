import type { CloudflareError } from '../errors.ts';
import type { AnswerFault } from './error-table.ts';
import { openBatches } from './open-batches.ts';
import type { Answer, Call } from './open-client.ts';
import { parsePage } from './parse-page.ts';
import { type Reading, toRefused } from './read-pages.ts';
import { toText } from './retry-after.ts';
import { openLineSplitter } from './split-lines.ts';
import { toCall } from './to-call.ts';
import { type CollectedRecord, type CutRecord, openToRecord } from './to-record.ts';

/** Cloudflare writes this as last line where it could not go on: the window is incomplete. */
const TRAILER_TEXT = 'Error streaming data';
const TRAILER = Buffer.from(TRAILER_TEXT);
const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** What one answer may be. */
export interface LinesLimits {
  /** Bytes as they are after decompression. */
  readonly maxBytes: number;
  /** From the request to the end of the body. */
  readonly maxMs: number;
}

/**
 * What Cloudflare gives at once: 10 GiB within ten minutes (https://developers.cloudflare.com/logs/logpull/requesting-logs/). Ten seconds less, for a
 * body that Cloudflare cuts looks like one that was damaged on the way.
 */
const cloudflareLimits: LinesLimits = { maxBytes: 10 * 1024 ** 3, maxMs: 590_000 };

/** An envelope with an error is far shorter. */
const MAX_ENVELOPE_BYTES = 64 * 1024;

/**
 * Reads a window of a source that answers with one record per line, as it streams in; batches of at most 1 MiB, and nothing is read while
 * nobody pulls. A line that is no JSON is a record too.
 * @throws CloudflareError also for a body that proves to be incomplete, after records of it were given
 * @throws InterruptedError when the signal fires
 */
export async function* readLines(reading: Reading, limits: LinesLimits = cloudflareLimits): AsyncGenerator<readonly CollectedRecord[], void, undefined> {
  const { client, source, request, signal } = reading;
  const call = toCall(source, request, { sinceMs: request.window.since, beforeMs: request.window.before, number: 1 });
  const answer = await client.open(call, signal);
  const batches = openBatches();
  const lines = openLines({ reading, call, answer, take: batches.add });
  const checkLimits = openLimits({ reading, call, answer }, limits);
  for await (const chunk of readChunks(reading, call, answer)) {
    checkLimits(chunk.length);
    lines.push(chunk);
    yield* batches.takeFull();
  }
  lines.end();
  yield* batches.takeAll();
}

async function* readChunks({ client, signal }: Reading, call: Call, answer: Answer): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* answer.body as AsyncIterable<Buffer>;
  } catch (cause) {
    throw client.breakOff(call, { cause, head: answer }, signal);
  }
}

/** Throws where the answer grows beyond what Cloudflare gives at once; a body that stands still is ended by the client. */
function openLimits({ reading, call, answer }: Omit<LinesOptions, 'take'>, { maxBytes, maxMs }: LinesLimits): (bytes: number) => void {
  const { status, headers } = answer;
  const refuse = (fault: AnswerFault, detail: string): CloudflareError => reading.client.refuse(call, { status, headers, body: '', fault, detail });
  let read = 0;
  return (bytes) => {
    read += bytes;
    if (read > maxBytes) throw refuse('too-big', `with more than ${maxBytes} bytes of lines`);
    if (reading.client.now() - answer.sentMs > maxMs) throw refuse('timeout', `with lines for more than ${maxMs / 1000} seconds`);
  };
}

interface LinesOptions {
  readonly reading: Reading;
  readonly call: Call;
  readonly answer: Answer;
  readonly take: (record: CollectedRecord) => void;
}

interface Lines {
  readonly push: (chunk: Buffer) => void;
  readonly end: () => void;
}

/** Makes records of the lines of one answer, and errors of what shows that it is none. */
function openLines({ reading, call, answer, take }: LinesOptions): Lines {
  const { status, headers } = answer;
  const refuse = (fault: AnswerFault, detail: string): CloudflareError => reading.client.refuse(call, { status, headers, body: '', fault, detail });
  const html = /\bhtml\b/i.test(toText(headers['content-type']));
  const toRecord = openToRecord(reading.source, reading.request.scopeId);
  const splitter = openLineSplitter();
  const takeLine = (line: Buffer): void => {
    const record = toRecord(line);
    if (!record.valid && isTrailer(record)) throw refuse('streaming', `with a body that ends in "${TRAILER_TEXT}"`);
    take(record);
  };
  const checkType = (): void => {
    if (html) throw refuse('no-json', 'with a page of HTML');
  };
  let first = true;
  return {
    push: (chunk) => {
      checkType();
      if (first) checkEnvelope({ reading, call, answer }, chunk);
      first = false;
      splitter.push(chunk, takeLine);
      if (splitter.heldBytes() > MAX_LINE_BYTES) throw refuse('long-line', `with a line of more than ${MAX_LINE_BYTES} bytes`);
    },
    end: () => {
      checkType();
      const rest = splitter.rest();
      if (rest.length === 0) return;
      const record = toRecord(rest);
      if (!record.valid && !isTrailer(record)) throw refuse('cut', 'with a body whose last line is cut');
      takeLine(rest);
    },
  };
}

/** A line that was cut may have the trailer glued to it. */
function isTrailer({ raw }: CutRecord): boolean {
  return raw.subarray(0, TRAILER.length).equals(TRAILER) || raw.subarray(-TRAILER.length).equals(TRAILER);
}

/** A failure may come as Cloudflare's envelope under status 200: that is no record. */
function checkEnvelope({ reading, call, answer }: Omit<LinesOptions, 'take'>, chunk: Buffer): void {
  if (chunk.length > MAX_ENVELOPE_BYTES || !chunk.includes('"success"')) return;
  const page = parsePage(chunk, 'result');
  if (page.kind === 'refused') throw toRefused({ client: reading.client, call, head: answer }, page);
}
