import type { SeverityName } from './rule-definition.ts';

/** Numbers of `event.severity`: from low on the scale of Elastic's detection rules (https://www.elastic.co/docs/solutions/security/detect-and-alert), info below it. */
export const severities: Readonly<Record<SeverityName, number>> = { info: 10, low: 21, medium: 47, high: 73, critical: 99 };

/** The fields that a rule with a severity sets, and no other rule. */
export const severityFields = { number: 'event.severity', name: 'cloudflare.severity.name', reason: 'cloudflare.severity.reason' } as const;
