import type { FaultAnswer } from './faults.ts';
import { type Reply, toErrorReply } from './reply.ts';

const NEWLINE = 10;
const PIECE_BYTES = 65_536;
const LINE_FAULTS = ['errorTrailer', 'badUtf8Line', 'nonJsonLine', 'cutLastLine'] as const;

/** The answer that a fault makes of a good one; the good one is made only where the fault needs it. */
export function spoilReply(answer: FaultAnswer, makeReply: () => Reply): Reply {
  if (answer.deepPage504 !== undefined) return toErrorReply('24');
  if (answer.error !== undefined) return withHeaders(toErrorReply(answer.error), answer.headers);
  if (answer.status !== undefined || answer.body !== undefined) return toGivenReply(answer);
  const reply = withHeaders(makeReply(), answer.headers);
  if (typeof reply.body === 'string' || reply.status !== 200 || !LINE_FAULTS.some((name) => answer[name] !== undefined)) return reply;
  return { ...reply, body: joinLines(spoilLines(splitLines(reply.body), answer)) };
}

/** The answer that names the cursor it was asked with as that of the next page. */
export function repeatCursor(reply: Reply, cursor: string | null): Reply {
  if (typeof reply.body !== 'string') return reply;
  const body = JSON.parse(reply.body) as { readonly result_info?: object };
  const named = 'cursors' in (body.result_info ?? {}) ? { cursors: { after: cursor } } : { cursor };
  return { ...reply, body: JSON.stringify({ ...body, result_info: { ...body.result_info, ...named } }) };
}

/** The query of the page before, where the fault serves that. */
export function spoilQuery({ repeatPage }: FaultAnswer, query: URLSearchParams): URLSearchParams {
  const page = Number(query.get('page') ?? 1);
  if (!repeatPage || !(page > 1)) return query;
  const spoilt = new URLSearchParams(query);
  spoilt.set('page', String(page - 1));
  return spoilt;
}

function toGivenReply({ body = '', headers = {}, status = 200 }: FaultAnswer): Reply {
  return { status, contentType: headers['content-type'] ?? 'application/json', headers, body: typeof body === 'string' ? body : [body] };
}

function withHeaders(reply: Reply, headers: Readonly<Record<string, string>> | undefined): Reply {
  return headers ? { ...reply, headers: { ...reply.headers, ...headers } } : reply;
}

/** Lines with their line ends. */
function* splitLines(pieces: Iterable<Buffer>): Generator<Buffer> {
  for (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, start)) {
      yield piece.subarray(start, end + 1);
      start = end + 1;
    }
    if (start < piece.length) yield piece.subarray(start);
  }
}

/** Lines in larger pieces. */
function* joinLines(lines: Iterable<Buffer>): Generator<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  for (const line of lines) {
    held.push(line);
    bytes += line.length;
    if (bytes < PIECE_BYTES) continue;
    yield Buffer.concat(held);
    held = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(held);
}

function* spoilLines(lines: Iterable<Buffer>, answer: FaultAnswer): Generator<Buffer> {
  const trailerAt = toNumber(answer.errorTrailer, 10);
  let number = 0;
  let held: Buffer | undefined;
  for (const line of lines) {
    if (number === trailerAt) break;
    if (held) yield held;
    held = Buffer.concat([line, ...drawExtraLines(++number, line, answer)]);
  }
  if (held) yield answer.cutLastLine ? held.subarray(0, Math.floor(held.length / 2)) : held;
  if (trailerAt !== undefined) yield Buffer.from('Error streaming data\n');
}

function drawExtraLines(number: number, line: Buffer, { badUtf8Line, nonJsonLine }: FaultAnswer): readonly Buffer[] {
  const bad = toNumber(badUtf8Line, 1) === number ? [breakUtf8(line)] : [];
  const text = toNumber(nonJsonLine, 1) === number ? [Buffer.from('upstream connect error or disconnect/reset before headers\n')] : [];
  return [...bad, ...text];
}

/** A copy of a line whose ray id, or else whose first text, begins with a byte that is no UTF-8. */
function breakUtf8(line: Buffer): Buffer {
  const ray = line.lastIndexOf('"RayID":"');
  const at = ray === -1 ? line.indexOf(':"') + 2 : ray + '"RayID":"'.length;
  return Buffer.concat([line.subarray(0, at), Buffer.from([0xff]), line.subarray(at)]);
}

function toNumber(value: number | true | undefined, usual: number): number | undefined {
  return value === true ? usual : value;
}
