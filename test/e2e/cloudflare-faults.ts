import type { FaultAnswer } from '../../_dev/cloudflare/faults.ts';
import type { CloudflareOptions } from '../../_dev/cloudflare/options.ts';
import { type SmallWorld, toMinute } from './small-world.ts';

export type Stream = 'audit' | 'logpull';

/** What a run does about an answer that it gets once: goes on, gives a window up with a gap, or leaves the rest of the stream to the next run. */
export type End = 'settled' | 'gap' | 'refused' | 'failed';

/** Requests for records. */
export const PATHS: Readonly<Record<Stream, RegExp>> = { audit: /\/audit_logs$/, logpull: /\/logs\/received$/ };

/** Waits are asked for in seconds; the bodies ask for minutes. */
export const SOON = { 'retry-after': '1', ratelimit: '' };

/** Where a body is not named, the partition is refused. */
export const ENDS: Readonly<Record<string, End>> = {
  '09_400_7003_7000_no_route': 'failed',
  '11_429_971_throttle': 'settled',
  '12_429_html_no_json': 'settled',
  '13_400_12091_access_per_page': 'failed',
  '18_400_v1_retention': 'gap',
  '19_400_logpull_too_early': 'gap',
  '20_400_logpull_too_recent': 'settled',
  '21_400_logpull_too_long': 'settled',
  '23_502_html': 'settled',
  '24_504_empty': 'settled',
};

/** How a run ends that gets the error body of that name. */
export function endOf(name: string): End {
  return ENDS[name] ?? 'refused';
}

/** Answers that are wrong without saying so; each costs nothing. */
export const DAMAGES: readonly (readonly [name: string, stream: Stream, answer: FaultAnswer])[] = [
  ['no answer', 'audit', { reset: 'before' }],
  ['no answer', 'logpull', { reset: 'before' }],
  ['a body that breaks off', 'audit', { reset: 300 }],
  ['a body that breaks off', 'logpull', { reset: 3000 }],
  ['a cut gzip', 'audit', { truncateGzip: true }],
  ['a cut gzip', 'logpull', { truncateGzip: true }],
  ['no gzip under that name', 'audit', { notGzip: true }],
  ['no gzip under that name', 'logpull', { notGzip: true }],
  ['an error as last line', 'logpull', { errorTrailer: true }],
  ['an error as only line', 'logpull', { errorTrailer: 0 }],
  ['a cut last line', 'logpull', { cutLastLine: true }],
  ['HTML with status 200', 'audit', { body: '<html>Sorry</html>', headers: { 'content-type': 'text/html' } }],
  ['HTML with status 200', 'logpull', { body: '<html>Sorry</html>', headers: { 'content-type': 'text/html' } }],
  ['a slow body', 'logpull', { dripMs: 20 }],
  ['HTTP 408', 'audit', { status: 408, body: '' }],
  ['HTTP 408', 'logpull', { status: 408, body: '' }],
  ['HTTP 409', 'audit', { status: 409, body: '{}' }],
];

/** More events in one second than two pages hold. */
export const CROWD: CloudflareOptions = { accounts: [{ bursts: [{ at: toMinute(Date.now()) - 30 * 3_600_000, count: 2500 }] }] };

/** The intervals that the collector says are lost. */
export async function readGaps(world: SmallWorld) {
  const stored = await world.readStream('collector');
  return stored.flatMap(({ document }) => {
    const { collector } = document.cloudflare as { collector: { kind: string; stream: string } };
    if (collector.kind !== 'gap') return [];
    const { start, end } = document.event as { start: string; end: string };
    return [{ kind: collector.kind, stream: collector.stream, since: Date.parse(start), before: Date.parse(end) }];
  });
}
