/** One switch for each question that Cloudflare's documents leave open, and for each form of an answer that was seen in the field. */
export interface Switches {
  readonly v1Cap3000: boolean;
  readonly indexingDelayMs: number;
  readonly sinceInclusive: boolean;
  readonly beforeInclusive: boolean;
  readonly pastLastPage: 'empty' | 400;
  readonly emptyResult: 'array' | 'null';
  readonly resultInfo: boolean;
  readonly v2Cursor: 'cursor' | 'cursors.after';
  readonly v2Count: 'string' | 'number';
  readonly v2LastCursor: boolean;
  readonly authStatus: 'documented' | 400 | 401 | 403;
  readonly unknownToken: 'documented' | 9109 | 10000;
  readonly routeStatus: 404 | 400;
  readonly accountsList: 'permitted' | 'narrowed';
  readonly zonesList: 'permitted' | 'narrowed';
  readonly membersList: 'permitted' | 'refused';
  readonly rateLimitAcrossTokens: boolean;
  readonly logpullAccountOwnedTokens: 'allowed' | 'refused';
  readonly logpullMinDelayMs: number;
  readonly accessPageSize: 'limit' | 'per_page';
  readonly shuffleKeys: boolean;
  readonly crlf: boolean;
}

/** What a switch decides. */
export interface SwitchDescription<T> {
  readonly default: T;
  /** The values, for people. */
  readonly values: string;
  readonly question: string;
}

/** All switches with their defaults; the command line's help is made of it. */
export const SWITCHES: { readonly [K in keyof Switches]: SwitchDescription<Switches[K]> } = {
  v1Cap3000: { default: false, values: 'true|false', question: 'Audit v1: does one query reach only 3000 entries? true: what lies behind comes back empty.' },
  indexingDelayMs: {
    default: 0,
    values: 'ms',
    question: 'Audit: how late may an event appear? Each event waits its own time between 0 and this, so events appear out of order.',
  },
  sinceInclusive: { default: true, values: 'true|false', question: 'Audit: is an event exactly at `since` in the answer?' },
  beforeInclusive: { default: false, values: 'true|false', question: 'Audit: is an event exactly at `before` in the answer?' },
  pastLastPage: { default: 'empty', values: 'empty|400', question: 'Audit v1: what does a page after the last one answer?' },
  emptyResult: { default: 'array', values: 'array|null', question: 'Audit: is an empty result [] or null?' },
  resultInfo: { default: false, values: 'true|false', question: 'Audit v1: does the answer carry result_info with totals?' },
  v2Cursor: {
    default: 'cursor',
    values: 'cursor|cursors.after',
    question: 'Audit v2: where in result_info is the next cursor? The reference says cursor, the SDK reads cursors.after.',
  },
  v2Count: { default: 'string', values: 'string|number', question: 'Audit v2: is result_info.count "1" or 1?' },
  v2LastCursor: { default: false, values: 'true|false', question: 'Audit v2: does the last page carry a cursor too? What lies behind it is empty.' },
  authStatus: {
    default: 'documented',
    values: 'documented|400|401|403',
    question: 'HTTP status of the codes 1000, 9103, 9109, 10000 and 10001 (all three were reported).',
  },
  unknownToken: {
    default: 'documented',
    values: 'documented|9109|10000',
    question: 'Which code an unknown token gets; documented: 10000 from Logpull, 9109 elsewhere.',
  },
  routeStatus: { default: 404, values: '404|400', question: 'HTTP status of code 7003 for a wrong account or zone id.' },
  accountsList: {
    default: 'permitted',
    values: 'permitted|narrowed',
    question: 'GET /accounts: all accounts with any permission, or only those with Account Settings Read?',
  },
  zonesList: { default: 'permitted', values: 'permitted|narrowed', question: 'GET /zones: all zones with any permission, or only those with Zone Read?' },
  membersList: {
    default: 'permitted',
    values: 'permitted|refused',
    question: 'GET /accounts/ID/members: does a token with Account Settings Read list the members, or does its own role forbid that?',
  },
  rateLimitAcrossTokens: { default: true, values: 'true|false', question: 'Is the limit of 1200 requests in 5 minutes shared by all tokens of one user?' },
  logpullAccountOwnedTokens: { default: 'allowed', values: 'allowed|refused', question: 'Does Logpull take account-owned tokens?' },
  logpullMinDelayMs: { default: 60_000, values: 'ms', question: 'Logpull: how old must `end` be? One minute in the error text, five in the reference.' },
  accessPageSize: { default: 'per_page', values: 'limit|per_page', question: 'Access: which of limit and per_page wins?' },
  shuffleKeys: { default: false, values: 'true|false', question: 'Logpull: are the keys of each line in an order of their own?' },
  crlf: { default: false, values: 'true|false', question: 'Logpull: do lines end in CRLF?' },
};

/** The defaults with some replaced. */
export function toSwitches(chosen: Partial<Switches> = {}): Switches {
  const defaults = Object.fromEntries(Object.entries(SWITCHES).map(([name, { default: value }]) => [name, value]));
  return { ...(defaults as unknown as Switches), ...chosen };
}
