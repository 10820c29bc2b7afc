import { createActors, drawAddress } from '../audit/actors.ts';
import type { AuditSource } from '../audit/audit-source.ts';
import { createEventSource } from '../audit/event-source.ts';
import type { AccessOptions } from '../options.ts';
import { createDice, drawHex, hashText, mix } from '../random.ts';
import { renderMicros } from '../times.ts';
import type { AccessEvent } from './access-event.ts';

const DOMAINS = ['wiki.example.com', 'test.example.com/admin', 'ssh.example.com', 'bücher.example/röntgen', 'grafana.example.org'];
const CONNECTIONS = ['onetimepin', 'saml', 'okta', 'azureAD', 'google', 'github'];

/** The Zero Trust logins of an account as a function of time; nothing is kept. */
export function createAccessSource(options: AccessOptions & { readonly id: string; readonly seed: number }): AuditSource<AccessEvent> {
  const salt = mix(options.seed, hashText(`access ${options.id}`));
  const twice = options.twice ?? 0.02;
  return createEventSource<AccessEvent>({
    salt,
    perHour: options.perHour ?? 30,
    dailySwing: 0,
    from: options.from ?? 0,
    bursts: options.bursts ?? [],
    extras: (options.extraEvents ?? []).map((event) => ({ event, time: event.created_at })),
    draw: createDraw(salt),
    repeats: ({ bucket, index }) => mix(mix(salt, bucket), index + 0x7712e) < twice * 0x1_0000_0000,
  });
}

type Draw = (place: { readonly bucket: number; readonly index: number }, micros: number) => { readonly event: AccessEvent; readonly ofUser: boolean };

function createDraw(salt: number): Draw {
  const actors = createActors(salt);
  const apps = DOMAINS.map((app_domain) => ({ app_domain, app_uid: toUuid(mix(salt, hashText(app_domain))) }));
  return ({ bucket, index }, micros) => {
    const dice = createDice(mix(mix(salt, bucket), index));
    const created_at = renderMicros(micros).replace(/(\.\d*?)0+Z$/, '$1Z');
    if (dice.chance(0.005)) return { event: { created_at, allowed: true }, ofUser: false };
    const actor = dice.pick(actors);
    const { app_domain, app_uid } = dice.pick(apps);
    const event = {
      user_email: dice.chance(0.03) ? '' : actor.email,
      ip_address: drawAddress(actor, dice),
      app_uid,
      app_domain,
      action: dice.chance(0.15) ? 'logout' : 'login',
      connection: dice.pick(CONNECTIONS),
      allowed: !dice.chance(0.1),
      created_at,
      ray_id: drawHex(mix(mix(salt, bucket), index), 3, 16),
    };
    return { event, ofUser: false };
  };
}

function toUuid(salt: number): string {
  return drawHex(salt, 5, 32)
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5')
    .slice(0, 36);
}
