import { pick } from '../../random.ts';
import { defineChoice, defineField, draw, type LogpullFields, quote, wrap } from '../logpull-field.ts';
import type { LogpullRecord } from '../logpull-record.ts';

interface Rule {
  readonly id: string;
  readonly description: string;
  readonly source: string;
}

const RULES: readonly Rule[] = [
  { id: '874a3e315c344b1281ad4f00046aab9f', description: 'Block wp-login', source: 'firewallCustom' },
  { id: 'efb7b8c949ac4650a09736fc376e9aee', description: 'Cloudflare OWASP: "inbound anomaly score"', source: 'firewallManaged' },
  { id: '77454fe2d30c4220b5701f6fdfb893ba', description: 'API: 100 requests / 10 s', source: 'ratelimit' },
  { id: 'c5b4cf1f6a0c4a9c8a9d6bfb1f8b1c8a', description: '', source: 'bic' },
];
const LOG_RULE: Rule = { id: '6179ae15870a4bb7b2d480d4843b323c', description: 'Log all of it', source: 'firewallManaged' };

/** What the security products found and did. */
export const SECURITY_FIELDS: LogpullFields = {
  ContentScanObjResults: defineField('content scan results', (record) => ifUpload(record, (bad) => (bad ? '["malicious"]' : '["clean","clean"]'))),
  ContentScanObjSizes: defineField('sizes of scanned objects', (record) => ifUpload(record, (bad) => (bad ? '[68]' : '[48123,9007199254740993]'))),
  ContentScanObjTypes: defineField('content types of scanned objects', (record) =>
    ifUpload(record, (bad) => (bad ? '["application/x-dosexec"]' : '["image/png","application/pdf"]')),
  ),
  LeakedCredentialCheckResult: defineField('password_leaked | username_and_password_leaked | username_password_similar | username_leaked | clean', (record) =>
    record.request.kind === 'login' ? pick(['"clean"', '"clean"', '"clean"', '"password_leaked"', '"username_and_password_leaked"'], draw(record, 501)) : '""',
  ),
  MatchedRules: defineField('rules matched', (record) => renderList(record, ({ id }) => id)),
  SecurityAction: defineField('action of the security rule that triggered a terminating action', ({ action }) => wrap(action === 'log' ? '' : action)),
  SecurityActions: defineField(
    'actions of the security products on this request',
    (record) =>
      `[${toRules(record)
        .map((rule) => (rule === LOG_RULE ? '"log"' : wrap(record.action)))
        .join(',')}]`,
  ),
  SecurityRuleDescription: defineField('description of the rule that triggered a terminating action', (record) =>
    quote(toTerminating(record)?.description ?? ''),
  ),
  SecurityRuleID: defineField('id of the rule that triggered a terminating action', (record) => wrap(toTerminating(record)?.id ?? '')),
  SecurityRuleIDs: defineField('ids of the matched rules, one per action', (record) => renderList(record, ({ id }) => id)),
  SecuritySources: defineField('products that matched, one per action', (record) => renderList(record, ({ source }) => source)),
  WAFAttackScore: defineField('overall WAF attack score', (record) => renderScore(record, 502)),
  WAFFlags: defineChoice('deprecated: additional configuration flags', 503, ['"0"']),
  WAFMatchedVar: defineChoice('deprecated: full name of the most recently matched variable', 504, ['""']),
  WAFRCEAttackScore: defineField('WAF score for an RCE attack', (record) => renderScore(record, 505)),
  WAFRequestSignatureCategories: defineField('request signature categories', (record) => (record.visitor.kind === 'attacker' ? '["sqli"]' : '[]')),
  WAFRequestSignatureRefs: defineField('request signature refs', (record) => (record.visitor.kind === 'attacker' ? '["sig-100173"]' : '[]')),
  WAFSQLiAttackScore: defineField('WAF score for an SQLi attack', (record) => renderScore(record, 506)),
  WAFXSSAttackScore: defineField('WAF score for an XSS attack', (record) => renderScore(record, 507)),
  WebAssetsLabelsManaged: defineField('managed labels matched', ({ request }) => (request.kind === 'login' ? '["cf-log-in"]' : '[]')),
  WebAssetsOperationID: defineField('UUID of the matched operation', ({ request }) =>
    request.kind === 'api' ? '"f174be97-19b1-40d6-954d-70cd5fbd52db"' : '""',
  ),
};

function toTerminating(record: LogpullRecord): Rule | undefined {
  return record.action === '' || record.action === 'log' ? undefined : pick(RULES, draw(record, 508));
}

/** The rules that matched: the logging one before the terminating one, in one of three cases. */
function toRules(record: LogpullRecord): readonly Rule[] {
  const terminating = toTerminating(record);
  if (!terminating) return record.action === 'log' ? [LOG_RULE] : [];
  return draw(record, 509) % 3 === 0 ? [LOG_RULE, terminating] : [terminating];
}

function renderList(record: LogpullRecord, read: (rule: Rule) => string): string {
  return record.action === '' ? '[]' : JSON.stringify(toRules(record).map(read));
}

function renderScore(record: LogpullRecord, purpose: number): string {
  const turn = draw(record, purpose);
  if (record.request.kind === 'asset') return '0';
  return String(record.visitor.kind === 'attacker' ? 1 + (turn % 40) : 60 + (turn % 40));
}

function ifUpload(record: LogpullRecord, render: (bad: boolean) => string): string {
  return record.request.kind === 'upload' ? render(record.action === 'block') : '[]';
}
