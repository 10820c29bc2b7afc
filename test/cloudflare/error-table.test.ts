import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseErrorBody } from '../../src/cloudflare/error-body.ts';
import { errorMessages } from '../../src/cloudflare/error-messages.ts';
import { type ErrorFacts, errorTable, findErrorRow } from '../../src/cloudflare/error-table.ts';
import { toCloudflareError } from '../../src/cloudflare/to-cloudflare-error.ts';
import type { Act } from '../../src/errors.ts';

interface Sample {
  readonly file: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

const folder = join(import.meta.dirname, 'errors');
const samples = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as readonly Sample[];

/** For each body: the row, the act, what the message says in brackets, and a part of the hint. */
const expected: Readonly<Record<string, readonly [row: string, act: Act, said: string, hint: string]>> = {
  '01_403_10000_forbidden_docurl.json': ['forbidden', 'pause', '403 (10000 Forbidden)', 'See https://developers.cloudflare.com/api/resources/accounts/'],
  '02_401_10000_authentication_error.json': ['unauthorized', 'pause', '401 (10000 Authentication error)', 'Check api_token of this connection'],
  '03_400_6003_6111_bad_authorization.json': [
    'credential-form',
    'pause',
    '400 (6003 Invalid request headers; 6111 Invalid format for Authorization header)',
    'Check api_token',
  ],
  '04_400_6003_6103_bad_key.json': [
    'credential-form',
    'pause',
    '400 (6003 Invalid request headers; 6103 Invalid format for X-Auth-Key header)',
    'does not take it as it is written',
  ],
  '05_400_9106_missing_headers.json': [
    'credential-missing',
    'pause',
    '400 (9106 Missing X-Auth-Key, X-Auth-Email or Authorization headers)',
    'Check api_token',
  ],
  '06_403_9109_location.json': ['token-location', 'pause', '403 (9109 Cannot use the access token from location: 203.0.113.7)', 'client IP filter'],
  '07_403_9109_invalid_access_token.json': ['credential-rejected', 'pause', '403 (9109 Invalid access token)', 'unknown, disabled or expired'],
  '08_404_7003_bad_identifier.json': ['bad-identifier', 'pause', '404 (7003 Could not route to', 'Check the id of account 0a1b'],
  '09_400_7003_7000_no_route.json': ['no-route', 'bug', 'identifier is invalid?; 7000 No route for that URI)', 'it must end in /client/v4'],
  '10_400_10001_unable_to_authenticate.json': ['credential-rejected', 'pause', '400 (10001 Unable to authenticate request)', 'unknown, disabled or expired'],
  '11_429_971_throttle.json': ['rate-limit', 'wait', '429 (971 Please wait and consider throttling your request speed)', 'waits as long as'],
  '12_429_html_no_json.html': ['rate-limit', 'wait', '429 (Error 1015)', 'waits as long as'],
  '13_400_12091_access_per_page.json': ['bad-parameter', 'bug', '400 (12091 access.api.error.invalid_url_parameter_value)', 'report it'],
  '14_403_flat_1010.json': ['forbidden', 'pause', '403 (1010 auth.forbidden)', 'the permission "Account Settings Read" for account 0a1b'],
  '15_401_1000_invalid_token.json': ['credential-rejected', 'pause', '401 (1000 Invalid API Token)', 'Check api_token'],
  '16_400_1001_missing_authorization.json': ['credential-missing', 'pause', '400 (1001 Missing "Authorization" header)', 'Check api_token'],
  '17_400_v2_message_only.json': ['unknown', 'pause', '400 (bad request: since is required)', 'Look up the message of Cloudflare'],
  '18_400_v1_retention.json': ['audit-retention', 'jump', '400 (1000 Invalid format for field: since)', 'writes a gap record'],
  '19_400_logpull_too_early.txt': ['logpull-too-early', 'jump', 'logs older than 168h0m0s are not available)', 'writes a gap record'],
  '20_400_logpull_too_recent.txt': ['logpull-too-recent', 'wait', 'minimum delay in serving logs is 1m0s)', 'check the clock'],
  '21_400_logpull_too_long.txt': ['logpull-too-long', 'split', 'invalid time range: too long)', 'shorter windows'],
  '22_400_logpull_retention_off.txt': ['logpull-retention-off', 'pause', '400 (Retention is not turned on. Please enable log retention)', '{"flag":true}'],
  '23_502_html.html': ['server-error', 'retry', '502 (502 Bad Gateway)', 'sent again'],
  '24_504_empty.txt': ['server-error', 'retry', 'answered 504', 'sent again'],
  '25_200_success_false.json': ['not-permitted', 'pause', '200 (10000 Authentication error)', 'the permission "Account Settings Read"'],
  '26_403_9999_access_not_enabled.json': ['access-off', 'pause', '(9999 access.api.error.not_enabled: Access is not enabled)', 'Turn on Zero Trust Access'],
};

const surroundings = {
  credential: { kind: 'token', token: 'a-secret-token' },
  redact: (text: string) => text.replaceAll('a-secret-token', '[redacted]'),
  now: () => 0,
} as const;

function attemptFor(file: string) {
  return { what: 'reading audit of account 0a1b', scope: 'account 0a1b', permission: 'Account Settings Read', lines: file.includes('logpull'), page: 1 };
}

function factsOf(more: Partial<ErrorFacts>): ErrorFacts {
  return { status: 400, codes: [], text: '', lines: false, page: 1, ...more };
}

describe('the error table', () => {
  it('has an expectation for each body, and a body for each expectation', () => {
    expect(Object.keys(expected).sort()).toEqual(samples.map(({ file }) => file).sort());
  });

  it.each(samples)('$file', ({ file, status, headers }) => {
    const [row, act, said, hint] = expected[file] ?? ['', 'bug', '', ''];
    const body = readFileSync(join(folder, file), 'utf8');
    const attempt = attemptFor(file);
    const { codes, messages } = parseErrorBody(body);
    expect(findErrorRow(factsOf({ status, codes, text: messages.join('\n'), lines: attempt.lines })).name).toBe(row);
    const error = toCloudflareError(attempt, { status, headers: { 'cf-ray': '9a1b-IAD', ...headers }, body }, surroundings);
    expect(error.act).toBe(act);
    expect(error.message).toMatch(/^reading audit of account 0a1b: Cloudflare answered \d+/);
    expect(error.message).toContain(said);
    expect(error.message).toContain(`, ray ${headers['cf-ray'] ?? '9a1b-IAD'}`);
    expect(error.hint).toContain(hint);
    expect(error.hint).not.toMatch(/\{\w+\}/);
    expect(error).toMatchObject({ status, codes, ray: headers['cf-ray'] ?? '9a1b-IAD', retryable: act === 'retry' || act === 'wait' });
    expect(error.retryAfterMs).toBe(headers['retry-after'] === undefined ? undefined : Number(headers['retry-after']) * 1000);
  });

  it.each<[string, Partial<ErrorFacts>]>([
    ['start-not-before-end', { text: 'bad query: error parsing time: invalid time range: start not before end', lines: true }],
    ['bad-time', { text: 'bad query: error parsing end time: must be unix timestamp or rfc3339 string', lines: true }],
    ['logpull-fields', { text: 'bad query: unknown field Nope', lines: true }],
    ['account-token', { codes: [1001], text: '1001 List accounts endpoint does not support account owned tokens.' }],
    ['credential-throttled', { status: 429, codes: [10502], text: '10502 Too many authentication failures' }],
    ['not-found', { status: 404 }],
    ['lines-timeout', { status: 408, lines: true }],
    ['timeout', { status: 408 }],
    ['conflict', { status: 409 }],
    ['deep-page', { status: 504, page: 2 }],
    ['server-error', { status: 500, codes: [10000], text: '10000 Authentication error' }],
    ['moved', { status: 302 }],
    ['unknown', { status: 422 }],
    ['network', { status: undefined, fault: 'network' }],
    ['no-json', { status: 200, fault: 'no-json' }],
    ['no-list', { status: 200, fault: 'no-list' }],
    ['too-big', { status: 200, fault: 'too-big' }],
    ['cut', { status: 200, fault: 'cut' }],
    ['streaming', { status: 200, fault: 'streaming' }],
    ['long-line', { status: 200, fault: 'long-line' }],
    ['lines-slow', { status: undefined, fault: 'timeout', lines: true }],
    ['lines-slow', { status: 200, fault: 'timeout', lines: true }],
    ['capped', { status: 400, fault: 'capped', page: 4 }],
  ])('knows %s', (name, facts) => {
    expect(findErrorRow(factsOf(facts)).name).toBe(name);
  });

  it('has no row that is never reached by this test', () => {
    const here = readFileSync(import.meta.filename, 'utf8');
    expect(errorTable.map(({ name }) => name).filter((name) => !here.includes(`'${name}'`))).toEqual([]);
  });

  it('has messages for each row, and none for another', () => {
    expect(Object.keys(errorMessages).sort()).toEqual(errorTable.map(({ name }) => name).sort());
  });

  it.each(errorTable.flatMap((row) => (errorMessages[row.name] ?? []).map((says) => ({ row, says }))))('$row.name reads $says', ({ row, says }) => {
    const [, status, text = ''] = /^(\d{3})(?: \((.*)\))?$/.exec(says) ?? [];
    if (row.fault === 'network') expect(says).toMatch(/^no answer from Cloudflare \(/);
    else if (row.name === 'unknown') expect(says).toBe('any other');
    else expect(status).toBeDefined();
    const codes = row.fault === undefined ? [...text.matchAll(/(?:^|; )(\d+) /g)].map(([, code]) => Number(code)) : [];
    const facts: ErrorFacts = {
      status: status === undefined ? undefined : Number(status),
      codes,
      text,
      lines: row.on === 'lines',
      page: row.on === 'laterPage' ? 2 : 1,
    };
    expect(findErrorRow({ ...facts, fault: row.fault }).name).toBe(row.name);
  });

  it('removes secrets, tells the owner of a key what to grant, and shows no address that is none', () => {
    const body = JSON.stringify({ errors: [{ code: 10000, message: 'no a-secret-token here', documentation_url: 'javascript:a-secret-token' }] });
    const credential = { kind: 'key', email: 'michelle@example.com', key: 'k' } as const;
    const error = toCloudflareError(attemptFor(''), { status: 403, headers: {}, body }, { ...surroundings, credential });
    expect(error.message).toBe('reading audit of account 0a1b: Cloudflare answered 403 (10000 no [redacted] here)');
    expect(error.hint).toBe(
      'Let an administrator give the user of auth_email a role with the permission "Account Settings Read" for account 0a1b: Cloudflare dashboard, Manage Account > Members.',
    );
  });
});
