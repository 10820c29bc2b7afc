import { BOT_FIELDS } from './fields/bot-fields.ts';
import { CLIENT_FIELDS } from './fields/client-fields.ts';
import { EDGE_FIELDS } from './fields/edge-fields.ts';
import { ORIGIN_FIELDS } from './fields/origin-fields.ts';
import { REQUEST_FIELDS } from './fields/request-fields.ts';
import { SECURITY_FIELDS } from './fields/security-fields.ts';
import type { LogpullFields } from './logpull-field.ts';

/** Every field of the HTTP request log, by name. https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/zone/http_requests/ */
export const FIELDS: LogpullFields = { ...BOT_FIELDS, ...CLIENT_FIELDS, ...EDGE_FIELDS, ...ORIGIN_FIELDS, ...REQUEST_FIELDS, ...SECURITY_FIELDS };

/** The names of all fields, sorted. */
export const FIELD_NAMES: readonly string[] = Object.keys(FIELDS).sort();

/** What a request gets that names no fields. */
export const DEFAULT_FIELD_NAMES: readonly string[] = [
  'ClientIP',
  'ClientRequestHost',
  'ClientRequestMethod',
  'ClientRequestURI',
  'EdgeEndTimestamp',
  'EdgeResponseBytes',
  'EdgeResponseStatus',
  'EdgeStartTimestamp',
  'RayID',
];
