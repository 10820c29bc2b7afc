import { type Reply, toTextRefusal } from '../reply.ts';
import { DEFAULT_FIELD_NAMES } from './fields.ts';
import type { LogpullZone } from './logpull-zone.ts';
import type { LineForm, Timestamps } from './render-line.ts';

const TIMESTAMPS: readonly Timestamps[] = ['unixnano', 'unix', 'rfc3339'];

/** Reads `fields`, `timestamps` and `CVE-2021-44228`, or refuses them. Cloudflare's own words for an unknown field are not known; these are made up. */
export function readLineForm(query: URLSearchParams, { fieldNames }: LogpullZone): LineForm | { readonly refusal: Reply } {
  const timestamps = TIMESTAMPS.find((form) => form === (query.get('timestamps') ?? 'unixnano'));
  if (!timestamps) return { refusal: toTextRefusal('bad query: error parsing timestamps: must be unixnano, unix or rfc3339') };
  const asked = query.get('fields')?.split(',');
  const unknown = asked?.filter((name) => !fieldNames.includes(name)) ?? [];
  if (unknown.length > 0) return { refusal: toTextRefusal(`bad query: error parsing fields: unknown field: ${unknown.map((name) => `"${name}"`).join(', ')}`) };
  const fields = [...new Set(asked ?? DEFAULT_FIELD_NAMES.filter((name) => fieldNames.includes(name)))];
  return { fields, timestamps, redact: query.get('CVE-2021-44228') === 'true' };
}
