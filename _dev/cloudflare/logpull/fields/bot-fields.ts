import { pick } from '../../random.ts';
import { defineField, draw, type LogpullField, type LogpullFields, wrap } from '../logpull-field.ts';
import type { LogpullRecord } from '../logpull-record.ts';

/** Bots, fraud and AI security. */
export const BOT_FIELDS: LogpullFields = {
  ...defineTwice('CustomTopicCategories', 'AI security: custom topics matched', (record) => ifPrompt(record, ['{}', '{"gardening":12}'], '{}'), false),
  ...defineTwice('InjectionScore', 'AI security: prompt-injection score', (record) => ifPrompt(record, ['3', '88', '97'], '0')),
  ...defineTwice('PIICategories', 'AI security: PII categories found', (record) => ifPrompt(record, ['[]', '["EMAIL_ADDRESS","CREDIT_CARD"]'], '[]')),
  ...defineTwice('TokenCount', 'AI security: tokens in the prompt', (record) => ifPrompt(record, ['41', '1290'], '0')),
  ...defineTwice('UnsafeTopicCategories', 'AI security: unsafe topics found', (record) => ifPrompt(record, ['[]', '["S1"]'], '[]')),
  BotDetectionIDs: defineField('heuristic detection ids', ({ visitor }) => (visitor.kind === 'attacker' ? '[201326592,33554817]' : '[]')),
  BotDetectionTags: defineField('heuristic detection tags', ({ visitor }) => (visitor.kind === 'attacker' ? '["user_agent"]' : '[]')),
  BotScore: defineField('bot score, below 30 is commonly automated', ({ botScore }) => String(botScore)),
  BotScoreSrc: defineField(
    'Not Computed | Heuristics | Machine Learning | Behavioral Analysis | Verified Bot | JS Fingerprinting | Cloudflare Service',
    ({ botScore, visitor }) =>
      wrap(botScore === 0 ? 'Not Computed' : visitor.kind === 'crawler' ? 'Verified Bot' : botScore < 5 ? 'Heuristics' : 'Machine Learning'),
  ),
  BotTags: defineField('type of bot traffic', ({ visitor }) =>
    visitor.kind === 'crawler' ? '["crawler","verified"]' : visitor.kind === 'attacker' ? '["api"]' : '[]',
  ),
  FraudAttack: defineField('primary attack found by Fraud detection', (record) => (isFraud(record) ? '"account_takeover"' : '""')),
  FraudDetectionIDs: defineField('fraud detection ids', (record) => (isFraud(record) ? '[50331651]' : '[]')),
  FraudDetectionTags: defineField('fraud detection tags', (record) => (isFraud(record) ? '["credential_stuffing"]' : '[]')),
  FraudEmailRisk: defineField('low | medium | high', (record) =>
    record.request.kind === 'login' ? pick(['"low"', '"low"', '"medium"', '"high"'], draw(record, 601)) : '""',
  ),
  FraudUserID: defineField("fraud system's user id", (record) => (record.request.kind === 'login' ? wrap(`u-${draw(record, 602) % 100_000}`) : '""')),
  JSDetectionPassed: defineField('passed | failed | missing', ({ visitor }) => (visitor.kind === 'human' ? '"passed"' : '"missing"')),
  VerifiedBotCategory: defineField('category of the verified bot', ({ visitor }) => wrap(visitor.botCategory)),
};

/** A field under its name and, where it has one, its older name. */
function defineTwice(name: string, description: string, render: LogpullField['render'], hasOldName = true): LogpullFields {
  const field = { description, render };
  return hasOldName
    ? { [`AISecurity${name}`]: field, [`FirewallForAI${name}`]: { description: `older name of AISecurity${name}`, render } }
    : { [`AISecurity${name}`]: field };
}

function ifPrompt(record: LogpullRecord, choices: readonly string[], otherwise: string): string {
  return record.request.kind === 'prompt' ? pick(choices, draw(record, 603)) : otherwise;
}

function isFraud(record: LogpullRecord): boolean {
  return record.request.kind === 'login' && draw(record, 604) % 12 === 0;
}
