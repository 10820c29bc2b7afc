import { type Reply, toErrorReply, toTextRefusal } from '../reply.ts';
import { parseLogpullTime, toMicrosCeil } from '../times.ts';
import type { MicrosWindow } from './logpull-zone.ts';

const DAY_MS = 86_400_000;
const HOUR_NANOS = 3_600_000_000_000n;

/** How long Logpull keeps lines. */
export const LOGPULL_RETENTION_MS = 7 * DAY_MS;

/** Reads `start` (inclusive) and `end` (exclusive), or says what Cloudflare refuses about them. */
export function readWindow(
  query: URLSearchParams,
  { minDelayMs, nowMs }: { readonly minDelayMs: number; readonly nowMs: number },
): MicrosWindow | { readonly refusal: Reply } {
  const start = parseLogpullTime(query.get('start') ?? '');
  const end = parseLogpullTime(query.get('end') ?? '');
  if (start === undefined) return refuse('bad query: error parsing start time: must be unix timestamp or rfc3339 string');
  if (end === undefined) return refuse('bad query: error parsing end time: must be unix timestamp or rfc3339 string');
  if (start >= end) return refuse('bad query: error parsing time: invalid time range: start not before end');
  if (start < toNanos(nowMs - LOGPULL_RETENTION_MS)) return { refusal: toErrorReply('19') };
  if (end > toNanos(nowMs - minDelayMs)) return { refusal: toErrorReply('20', { replace: { '1m0s': renderDuration(minDelayMs) } }) };
  if (end - start > HOUR_NANOS) return { refusal: toErrorReply('21') };
  return { start: toMicrosCeil(start), end: toMicrosCeil(end) };
}

function refuse(text: string): { readonly refusal: Reply } {
  return { refusal: toTextRefusal(text) };
}

function toNanos(ms: number): bigint {
  return BigInt(ms) * 1_000_000n;
}

function renderDuration(ms: number): string {
  return `${Math.floor(ms / 60_000)}m${Math.floor((ms % 60_000) / 1000)}s`;
}
