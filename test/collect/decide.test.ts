import { describe, expect, it } from 'vitest';
import { type Attempt, decide } from '../../src/collect/decide.ts';
import { type Act, CloudflareError, ElasticsearchError } from '../../src/errors.ts';

const minute = 60_000;

function refusal(act: Act, more: { readonly status?: number; readonly retryAfterMs?: number; readonly timedOut?: boolean } = {}): CloudflareError {
  return new CloudflareError('reading: refused', { act, hint: 'h', ...more });
}

interface Case {
  readonly name: string;
  readonly error: unknown;
  readonly attempt?: Partial<Attempt>;
  readonly expected: object;
}

const cases: readonly Case[] = [
  { name: 'wait: as long as asked', error: refusal('wait', { retryAfterMs: 7_000 }), expected: { kind: 'again', counts: 'waits', afterMs: 7_000 } },
  { name: 'wait: a minute where nobody says', error: refusal('wait'), expected: { kind: 'again', counts: 'waits', afterMs: minute } },
  { name: 'wait: not for ever in one round', error: refusal('wait'), attempt: { waits: 30 }, expected: { kind: 'fail' } },
  {
    name: 'wait: is no failed try, after which a damaged window would be given up',
    error: refusal('retry', { status: 200 }),
    attempt: { waits: 9, lengthMs: minute },
    expected: { kind: 'again', counts: 'tries', afterMs: 1_500 },
  },
  { name: 'retry: soon', error: refusal('retry', { status: 502 }), expected: { kind: 'again', counts: 'tries', afterMs: 1_500 } },
  { name: 'retry: later', error: refusal('retry', { status: 502 }), attempt: { tries: 1 }, expected: { kind: 'again', counts: 'tries', afterMs: 3_000 } },
  {
    name: 'retry: an outage ends the round and gives nothing up',
    error: refusal('retry', { status: 502 }),
    attempt: { tries: 2, lengthMs: minute },
    expected: { kind: 'fail' },
  },
  { name: 'retry: no answer at all ends the round', error: refusal('retry'), attempt: { tries: 2, lengthMs: minute }, expected: { kind: 'fail' } },
  {
    name: 'retry: a damaged answer is asked for in halves',
    error: refusal('retry', { status: 200 }),
    attempt: { tries: 2 },
    expected: { kind: 'shorter', growAfterMs: 0 },
  },
  {
    name: 'retry: the shortest window that stays damaged is lost',
    error: refusal('retry', { status: 200 }),
    attempt: { tries: 2, lengthMs: minute },
    expected: { kind: 'gap', reason: 'reading: refused' },
  },
  { name: 'split: halves', error: refusal('split', { status: 504 }), expected: { kind: 'shorter', growAfterMs: 0 } },
  {
    name: 'split: after a time-out, windows grow slowly',
    error: refusal('split', { status: 408, timedOut: true }),
    expected: { kind: 'shorter', growAfterMs: 30 * minute },
  },
  {
    name: 'split: the shortest that times out is lost after the last try',
    error: refusal('split', { status: 408, timedOut: true }),
    attempt: { tries: 2, lengthMs: minute },
    expected: { kind: 'gap', reason: 'reading: refused' },
  },
  {
    name: 'split: the shortest without any answer may be an outage',
    error: refusal('split', { timedOut: true }),
    attempt: { tries: 2, lengthMs: minute },
    expected: { kind: 'fail' },
  },
  {
    name: 'split: a deep page that is not served may be an outage',
    error: refusal('split', { status: 504 }),
    attempt: { tries: 2, lengthMs: minute },
    expected: { kind: 'fail' },
  },
  {
    name: 'retry: a page that times out may be an outage',
    error: refusal('retry', { status: 408, timedOut: true }),
    attempt: { tries: 2, lengthMs: minute },
    expected: { kind: 'fail' },
  },
  {
    name: 'split: the shortest is retried',
    error: refusal('split', { status: 504 }),
    attempt: { lengthMs: minute },
    expected: { kind: 'again', counts: 'tries', afterMs: 1_500 },
  },
  { name: 'jump: an hour at a time', error: refusal('jump', { status: 400 }), expected: { kind: 'jump', byMs: 60 * minute, reason: 'reading: refused' } },
  { name: 'pause', error: refusal('pause', { status: 403 }), expected: { kind: 'pause' } },
  { name: 'bug', error: refusal('bug', { status: 400 }), expected: { kind: 'fail' } },
  { name: 'Elasticsearch', error: new ElasticsearchError('writing: refused', { hint: 'h' }), expected: { kind: 'fail' } },
  { name: 'what nobody foresaw', error: new TypeError('x'), expected: { kind: 'fail' } },
];

describe('decide', () => {
  it.each(cases)('$name', ({ error, attempt, expected }) => {
    expect(decide(error, { tries: 0, waits: 0, lengthMs: 60 * minute, minMs: minute, random: 0.5, ...attempt })).toEqual(expected);
  });
});
