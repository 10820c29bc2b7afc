import { createDice, type Dice, drawHex, hashText, mix } from '../random.ts';
import type { AuditEvent } from './audit-event.ts';
import type { AuditEventV2 } from './audit-event-v2.ts';
import { type DeedV2, toDeedV2 } from './deeds-v2.ts';

/** An account as events name it. */
export interface NamedAccount {
  readonly id: string;
  readonly name: string;
}

const AGENTS = ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15', 'terraform-provider-cloudflare/5.9.0', 'wrangler/4.40.0', ''];

/** The event as version 2 of the API shows it, under an id of its own; undefined where it does not. */
export function toEventV2(event: AuditEvent, account: NamedAccount): AuditEventV2 | undefined {
  const dice = createDice(mix(hashText(event.id ?? ''), 0x5ec0de));
  const base = { id: toId(event.id ?? '', dice), account: dice.chance(0.9) ? account : { id: account.id } };
  const time = (event.when ?? '').replace(/(\.\d{3})\d+Z$/, '$1Z');
  if (event.action === undefined) return { ...base, action: { time } };
  const deed = toDeedV2(event, account.id);
  if (deed === undefined) return undefined;
  const isSystem = event.actor?.type === 'system';
  const zoneName = event.metadata?.zone_name;
  return {
    ...base,
    action: { description: deed.description, result: isSystem ? '' : event.action.result ? 'success' : 'failure', time, type: deed.type },
    actor: toActor(event, account, dice),
    ...(isSystem ? {} : { raw: toRaw(deed, dice) }),
    resource: deed.resource,
    ...(typeof zoneName === 'string' ? { zone: { id: drawHex(hashText(zoneName), 7, 32), name: zoneName } } : {}),
  };
}

/** Both forms that were seen: a UUID, and 32 hex digits. */
function toId(id: string, dice: Dice): string {
  const hex = drawHex(hashText(id), hashText(id.slice(9)), 32);
  return dice.chance(0.5) ? hex : `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function toActor({ actor, interface: place }: AuditEvent, account: NamedAccount, dice: Dice): NonNullable<AuditEventV2['actor']> {
  if (actor?.type === 'system') return { type: 'system' };
  if (actor?.type === 'Cloudflare') return { id: 'cloudflare', type: dice.pick(['cloudflare_admin', 'Cloudflare_admin']) };
  const address = actor?.ip === undefined ? {} : { ip_address: actor.ip };
  const token = { context: 'api_token', token_id: dice.hex(32), token_name: dice.pick(['terraform', 'ci-deploy', 'es-collector']) };
  if (place !== 'UI' && dice.chance(0.2)) return { id: account.id, ...address, ...token, type: 'account' };
  const context = place === 'UI' ? { context: 'dash' } : dice.chance(0.7) ? token : { context: dice.pick(['api_key', 'oauth', 'api']) };
  return { id: actor?.id ?? '', email: actor?.email ?? '', ...address, ...context, type: 'user' };
}

function toRaw({ method, uri }: DeedV2, dice: Dice): NonNullable<AuditEventV2['raw']> {
  return { cf_ray_id: dice.hex(16), method, status_code: 200, uri, user_agent: dice.pick(AGENTS) };
}
