import { defineZoneEndpoint } from '../endpoint.ts';
import { createLineBody } from '../logpull/line-body.ts';
import { readLineForm } from '../logpull/read-line-form.ts';
import { readWindow } from '../logpull/read-window.ts';
import { type Reply, toAuthRefusal, toErrorReply, toTextRefusal } from '../reply.ts';

/** GET /zones/:zone/logs/received: the lines received in a window, as NDJSON. */
export const logsReceived = defineZoneEndpoint(
  {
    method: 'GET',
    path: '/zones/:zone/logs/received',
    permissions: ['Logs Read', 'Logs Write'],
    documentation: 'https://developers.cloudflare.com/api/resources/logs/subresources/received/methods/get/',
    isLogpull: true,
  },
  ({ identity, query, zone }, { clock, switches: readSwitches }) => {
    const switches = readSwitches();
    if (identity.kind === 'account_token' && switches.logpullAccountOwnedTokens === 'refused') return toAuthRefusal('02', switches, { status: 403 });
    if (!zone.retention) return toErrorReply('22');
    const window = readWindow(query, { nowMs: clock.now(), minDelayMs: switches.logpullMinDelayMs });
    if ('refusal' in window) return window.refusal;
    const form = readLineForm(query, zone.logpull);
    if ('refusal' in form) return form.refusal;
    const amount = readAmount(query);
    if ('refusal' in amount) return amount.refusal;
    const lines = createLineBody(zone.logpull.read(window), { ...form, ...amount, crlf: switches.crlf, shuffleKeys: switches.shuffleKeys });
    return { status: 200, contentType: 'application/x-ndjson', ...lines };
  },
);

function readAmount(query: URLSearchParams): { readonly count: number | undefined; readonly sample: number | undefined } | { readonly refusal: Reply } {
  const count = query.get('count');
  const sample = query.get('sample');
  if (count !== null && !/^[1-9]\d{0,14}$/.test(count)) return { refusal: toTextRefusal('bad query: error parsing count: must be a positive integer') };
  const share = Number(sample ?? 1);
  if (!(share > 0 && share <= 1)) return { refusal: toTextRefusal('bad query: error parsing sample: must be above 0 and at most 1') };
  return { count: count === null ? undefined : Number(count), sample: sample === null ? undefined : share };
}
