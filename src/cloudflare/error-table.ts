import type { Act } from '../errors.ts';
import { errorHints as hints } from './error-hints.ts';

/** What is wrong with an answer that Cloudflare calls good, or with getting one at all. */
export type AnswerFault = 'network' | 'no-json' | 'no-list' | 'too-big' | 'cut' | 'streaming' | 'long-line' | 'capped' | 'timeout';

/** One kind of refusal. All conditions that a row names must hold; of `codes` and `text` one is enough. */
export interface ErrorRow {
  /** Names the row in tests and in this table. */
  readonly name: string;
  readonly act: Act;
  /** What to do, before it is filled in. */
  readonly hint: string;
  /** Lowest and highest HTTP status. */
  readonly status?: readonly [from: number, to: number];
  readonly codes?: readonly number[];
  /** Matches the messages of the body, or the body where it is plain text. */
  readonly text?: RegExp;
  readonly fault?: AnswerFault;
  /** Only while reading lines, or only on a page after the first. */
  readonly on?: 'lines' | 'laterPage';
}

/**
 * What follows from an answer of Cloudflare that is no success; the first row that fits counts. The status decides, then the text: codes
 * and texts are those of https://developers.cloudflare.com/logs/logpull/requesting-logs/ and of reports, and vary.
 */
export const errorTable: readonly ErrorRow[] = [
  { name: 'deep-page', act: 'split', status: [504, 504], on: 'laterPage', hint: hints.shorter },
  { name: 'server-error', act: 'retry', status: [500, 599], hint: hints.server },
  { name: 'logpull-too-early', act: 'jump', status: [400, 400], text: /too early|logs older than/i, hint: hints.jump },
  { name: 'audit-retention', act: 'jump', status: [400, 400], text: /invalid format for field: (since|before)|18 months/i, hint: hints.jump },
  { name: 'logpull-too-recent', act: 'wait', status: [400, 400], text: /too recent/i, hint: hints.recent },
  { name: 'logpull-too-long', act: 'split', status: [400, 400], text: /invalid time range: too long/i, hint: hints.shorter },
  { name: 'start-not-before-end', act: 'bug', status: [400, 400], text: /start not before end/i, hint: hints.report },
  { name: 'bad-time', act: 'bug', status: [400, 400], text: /error parsing (start|end) time|must be unix timestamp/i, hint: hints.report },
  { name: 'logpull-retention-off', act: 'pause', status: [400, 403], text: /retention is not turned on/i, hint: hints.retention },
  { name: 'logpull-fields', act: 'pause', status: [400, 400], on: 'lines', text: /\bfields?\b/i, hint: hints.fields },
  { name: 'no-route', act: 'bug', status: [400, 404], codes: [7000], hint: hints.route },
  { name: 'bad-parameter', act: 'bug', codes: [12091], hint: hints.report },
  { name: 'account-token', act: 'pause', text: /account owned tokens/i, hint: hints.accountToken },
  { name: 'credential-form', act: 'pause', codes: [6003, 6100, 6101, 6102, 6103, 6111], hint: hints.form },
  { name: 'credential-missing', act: 'pause', codes: [9106], text: /missing .*\bheaders?\b/i, hint: hints.form },
  { name: 'credential-throttled', act: 'pause', codes: [10502], hint: hints.throttled },
  { name: 'token-location', act: 'pause', text: /from location/i, hint: hints.location },
  { name: 'access-off', act: 'pause', codes: [9999], text: /not_enabled/i, hint: hints.access },
  { name: 'credential-rejected', act: 'pause', codes: [9103, 9300, 10001], text: /invalid (access|api) token|unable to authenticate/i, hint: hints.rejected },
  { name: 'bad-identifier', act: 'pause', codes: [7003], hint: hints.identifier },
  { name: 'unauthorized', act: 'pause', status: [401, 401], hint: hints.unauthorized },
  { name: 'forbidden', act: 'pause', status: [403, 403], hint: hints.grant },
  { name: 'not-permitted', act: 'pause', codes: [10000, 9109], text: /authentication error|unauthorized|forbidden/i, hint: hints.grant },
  { name: 'not-found', act: 'pause', status: [404, 404], hint: hints.notFound },
  { name: 'lines-timeout', act: 'split', status: [408, 408], on: 'lines', hint: hints.shorter },
  { name: 'lines-slow', act: 'split', fault: 'timeout', on: 'lines', hint: hints.shorter },
  { name: 'timeout', act: 'retry', status: [408, 408], hint: hints.again },
  { name: 'conflict', act: 'retry', status: [409, 409], hint: hints.again },
  { name: 'rate-limit', act: 'wait', status: [429, 429], hint: hints.limit },
  { name: 'network', act: 'retry', fault: 'network', hint: hints.network },
  { name: 'no-json', act: 'retry', fault: 'no-json', hint: hints.noJson },
  { name: 'no-list', act: 'bug', fault: 'no-list', hint: hints.shape },
  { name: 'too-big', act: 'split', fault: 'too-big', hint: hints.shorter },
  { name: 'cut', act: 'retry', fault: 'cut', hint: hints.window },
  { name: 'streaming', act: 'retry', fault: 'streaming', hint: hints.window },
  { name: 'long-line', act: 'retry', fault: 'long-line', hint: hints.window },
  { name: 'capped', act: 'split', fault: 'capped', hint: hints.shorter },
  { name: 'moved', act: 'pause', status: [300, 399], hint: hints.moved },
  { name: 'unknown', act: 'pause', hint: hints.unknown },
];

/** What an answer is matched by. */
export interface ErrorFacts {
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  readonly fault?: AnswerFault | undefined;
  /** The codes in the body, outermost first. */
  readonly codes: readonly number[];
  /** Messages of the body, joined; the body itself where it is no JSON. */
  readonly text: string;
  readonly lines: boolean;
  /** Number of the page that was asked for, from 1. */
  readonly page: number;
}

/** Codes about the credential or the address, whatever the page. */
const ELSEWHERE_CODES: ReadonlySet<number> = new Set([1001, 6003, 7000, 7003, 9103, 9106, 9109, 9300, 10000, 10001]);

/** True where a refusal may mean no more than that the page asked for lies behind the last one. */
export function mayEndPages(page: number, { status, codes }: { readonly status: number | undefined; readonly codes: readonly number[] }): boolean {
  return page > 1 && status === 400 && !codes.some((code) => ELSEWHERE_CODES.has(code));
}

const LAST = errorTable[errorTable.length - 1] as ErrorRow;

/** The row that an answer falls under; there is always one. */
export function findErrorRow(facts: ErrorFacts): ErrorRow {
  return errorTable.find((row) => fits(row, facts)) ?? LAST;
}

function fits(row: ErrorRow, facts: ErrorFacts): boolean {
  if (row.fault !== facts.fault && row !== LAST) return false;
  if (row.on === 'lines' && !facts.lines) return false;
  if (row.on === 'laterPage' && facts.page < 2) return false;
  return fitsStatus(row, facts.status) && fitsBody(row, facts);
}

function fitsStatus({ status }: ErrorRow, given: number | undefined): boolean {
  return status === undefined || (given !== undefined && given >= status[0] && given <= status[1]);
}

function fitsBody({ codes, text }: ErrorRow, facts: ErrorFacts): boolean {
  if (codes === undefined && text === undefined) return true;
  return codes?.some((code) => facts.codes.includes(code)) === true || text?.test(facts.text) === true;
}
