import { findErrorBody } from './error-bodies.ts';
import { createDice } from './random.ts';

/** Which requests a fault is for; all that is given must fit. */
export interface FaultMatch {
  /** Part of the path below /client/v4, or a pattern for it. */
  readonly path?: string | RegExp;
  readonly method?: string;
  /** Id of the account in the path. */
  readonly account?: string;
  /** Id of the zone in the path. */
  readonly zone?: string;
  /** Query parameters and their values. */
  readonly query?: Readonly<Record<string, string>>;
  /** Begins with the nth request that fits. @default 1 */
  readonly nth?: number;
  /** Ends after so many. @default without end */
  readonly times?: number;
  /** Strikes only this share of them, 0 to 1; which ones depends on the seed. @default 1 */
  readonly chance?: number;
}

/** What goes wrong. Several at once are possible. */
export interface FaultAnswer {
  /** An error body by its name, in place of the answer. */
  readonly error?: string;
  /** Status, body and headers in place of the answer's (status 200 where only a body is given). */
  readonly status?: number;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Real milliseconds before the first byte. */
  readonly slowMs?: number;
  /** Real milliseconds before every piece of the body. */
  readonly dripMs?: number;
  /** Resets the connection before an answer, or after so many bytes of body. */
  readonly reset?: 'before' | number;
  /** Falls silent before an answer, or after so many bytes of body, until the client gives up. */
  readonly stall?: 'before' | number;
  /** Cuts so many bytes off the end of the compressed body, and ends as if that were all (true: 20). */
  readonly truncateGzip?: number | true;
  /** Says gzip and sends plain text. */
  readonly notGzip?: true;
  /** Ends after so many lines (true: 10) with the line `Error streaming data`. */
  readonly errorTrailer?: number | true;
  /** Puts a line with a byte that is no UTF-8 behind the nth line (true: 1); its RayID begins with that byte. */
  readonly badUtf8Line?: number | true;
  /** Puts a line that is no JSON behind the nth line (true: 1). */
  readonly nonJsonLine?: number | true;
  /** Cuts the last line in the middle. */
  readonly cutLastLine?: true;
  /** Serves the page before the one that was asked for. */
  readonly repeatPage?: true;
  /** Only where the request carries a cursor: names the same one as that of the next page. */
  readonly repeatCursor?: true;
  /** Only for this page and those behind it: 504, as deep pages have got. */
  readonly deepPage504?: number;
}

export interface FaultOptions {
  /** @default every request */
  readonly match?: FaultMatch;
  /** A text is the name of an error body. */
  readonly answer: FaultAnswer | string;
}

/** A fault that is at work. */
export interface Fault {
  readonly number: number;
  readonly answer: FaultAnswer;
  /** How many requests it has struck. */
  readonly struck: () => number;
  readonly remove: () => void;
}

/** The faults of a server; the first that fits a request strikes it. */
export interface Faults {
  /** @throws {Error} for an error body that does not exist */
  readonly add: (options: FaultOptions) => Fault;
  readonly clear: () => void;
}

/** What faults look at in a request. */
export interface FaultRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Faults as the server uses them. */
export interface StrikingFaults extends Faults {
  readonly strike: (request: FaultRequest) => Fault | undefined;
}

/** An empty list of faults. */
export function createFaults(seed: number): StrikingFaults {
  const active = new Map<number, { readonly fault: Fault; readonly strikes: (request: FaultRequest) => boolean }>();
  let number = 0;
  return {
    add: ({ answer, match = {} }) => {
      const added = createFault({
        number: ++number,
        answer: typeof answer === 'string' ? { error: answer } : answer,
        match,
        seed,
        remove: (own) => active.delete(own),
      });
      active.set(number, added);
      return added.fault;
    },
    clear: () => active.clear(),
    strike: (request) => [...active.values()].find(({ strikes }) => strikes(request))?.fault,
  };
}

interface NewFault {
  readonly number: number;
  readonly answer: FaultAnswer;
  readonly match: FaultMatch;
  readonly seed: number;
  readonly remove: (number: number) => void;
}

function createFault({ answer, match, number, remove, seed }: NewFault): { readonly fault: Fault; readonly strikes: (request: FaultRequest) => boolean } {
  if (answer.error !== undefined) findErrorBody(answer.error);
  const dice = createDice(seed + number);
  let seen = 0;
  let struck = 0;
  const strikes = (request: FaultRequest): boolean => {
    if (answer.repeatCursor && !request.query.has('cursor')) return false;
    if (!fits(match, request) || Number(request.query.get('page') ?? 1) < (answer.deepPage504 ?? 0)) return false;
    seen += 1;
    if (seen < (match.nth ?? 1) || struck >= (match.times ?? Infinity) || !dice.chance(match.chance ?? 1)) return false;
    struck += 1;
    return true;
  };
  return { strikes, fault: { number, answer, struck: () => struck, remove: () => remove(number) } };
}

function fits(match: FaultMatch, { method, path, query }: FaultRequest): boolean {
  if (typeof match.path === 'string' && !path.includes(match.path)) return false;
  if (match.path instanceof RegExp && !new RegExp(match.path.source, match.path.flags.replace(/[gy]/g, '')).test(path)) return false;
  if (match.method !== undefined && match.method !== method) return false;
  if (match.account !== undefined && path.split('/')[2] !== match.account) return false;
  if (match.zone !== undefined && path.split('/')[2] !== match.zone) return false;
  return Object.entries(match.query ?? {}).every(([name, value]) => query.get(name) === value);
}
