import type { Action, Deed, Scene } from './actions.ts';

/** Deeds about an account, its zones and their records, some of them done by Cloudflare itself. */
export const ACCOUNT_ACTIONS: readonly Action[] = [
  { weight: 150, ofUser: false, draw: drawRecordAdded },
  { weight: 70, ofUser: false, draw: drawRecordDeleted },
  { weight: 120, ofUser: false, draw: drawSettingText },
  { weight: 60, ofUser: false, draw: drawSettingObject },
  { weight: 30, ofUser: false, draw: drawSettingNumber },
  { weight: 80, ofUser: false, draw: drawPurge },
  { weight: 30, ofUser: false, draw: (scene) => drawMember(scene, 'add') },
  { weight: 20, ofUser: false, draw: (scene) => drawMember(scene, 'delete') },
  { weight: 60, ofUser: false, draw: drawTlsDeployed },
];

function drawRecordAdded({ accountId, dice, zoneId, zoneName }: Scene): Deed {
  const id = dice.hex(32);
  const name = `${dice.pick(['www', 'api', 'shop', 'mail', 'münchen', '*.dev'])}.${zoneName}`;
  const value = {
    content: dice.pick(['81.2.69.192', '216.160.83.57', '2a02:cf40::7']),
    id,
    name,
    proxied: dice.chance(0.7),
    ttl: dice.pick([1, 120, 3600]),
    type: 'A',
    zone_id: zoneId,
  };
  return {
    action: { info: '', result: true, type: 'rec_add' },
    interface: dice.pick(['UI', 'API']),
    metadata: { zone_name: zoneName },
    newValue: JSON.stringify(value),
    newValueJson: value,
    oldValue: '',
    oldValueJson: {},
    owner: { id: accountId },
    resource: { id, type: 'DNS_record' },
  };
}

function drawRecordDeleted({ accountId, dice, zoneName }: Scene): Deed {
  const oldValue = JSON.stringify({ name: `old.${zoneName}`, type: 'CNAME' });
  const action = { result: dice.chance(0.8), type: 'rec_del' };
  return {
    action,
    interface: 'API',
    metadata: { zone_name: zoneName },
    newValue: '',
    oldValue,
    owner: { id: accountId },
    resource: { id: dice.hex(32), type: 'DNS_record' },
  };
}

function drawSettingText({ accountId, dice, zoneId, zoneName }: Scene): Deed {
  const value = dice.pick(['low', 'medium', 'high', 'under_attack']);
  const metadata = { name: 'security_level', type: 'firewall', value, zone_name: zoneName };
  return {
    action: { result: true, type: 'change_setting' },
    interface: dice.pick(['API', 'UI']),
    metadata,
    newValue: value,
    oldValue: 'high',
    owner: { id: accountId },
    resource: { id: zoneId, type: 'zone' },
  };
}

function drawSettingObject({ accountId, dice, zoneId, zoneName }: Scene): Deed {
  const value = { css: dice.pick(['on', 'off']), html: 'off', js: 'on' };
  const old = { css: 'off', html: 'off', js: 'on' };
  return {
    action: { result: true, type: 'change_setting' },
    ...(dice.chance(0.3) ? { actor: { id: 'cloudflare', type: 'Cloudflare' } } : {}),
    interface: 'API',
    metadata: { name: 'minify', value, zone_name: zoneName },
    newValue: JSON.stringify(value),
    newValueJson: value,
    oldValue: JSON.stringify(old),
    oldValueJson: old,
    owner: { id: accountId },
    resource: { id: zoneId, type: 'zone' },
  };
}

function drawSettingNumber({ accountId, dice, zoneId, zoneName }: Scene): Deed {
  const value = dice.pick([0, 1800, 14400, 31536000]);
  const metadata = { name: 'browser_cache_ttl', value, zone_name: zoneName };
  return {
    action: { result: true, type: 'change_setting' },
    interface: 'API',
    metadata,
    newValue: String(value),
    oldValue: '14400',
    owner: { id: accountId },
    resource: { id: zoneId, type: 'zone' },
  };
}

function drawPurge({ accountId, dice, zoneId, zoneName }: Scene): Deed {
  const files = [`https://${zoneName}/app.js`, `https://${zoneName}/café/☃.png`].slice(0, 1 + dice.below(2));
  const metadata = dice.chance(0.5) ? { zone_name: zoneName, purge_everything: true } : { zone_name: zoneName, files };
  return {
    action: { result: true, type: 'purge' },
    interface: dice.pick(['API', 'UI', '']),
    metadata,
    newValue: '',
    oldValue: '',
    owner: { id: accountId },
    resource: { id: zoneId, type: 'zone' },
  };
}

function drawMember({ accountId, dice }: Scene, type: 'add' | 'delete'): Deed {
  const email = dice.pick(['new.hire@example.com', 'auditor@example.org', 'jürgen@example.de']);
  const member = { email, roles: [dice.pick(['Administrator', 'Analytics', 'Super Administrator - All Privileges'])], status: 'accepted' };
  const values =
    type === 'add'
      ? { newValue: JSON.stringify(member), newValueJson: member, oldValue: '' }
      : { newValue: '', oldValue: JSON.stringify(member), oldValueJson: member };
  return {
    action: { result: true, type },
    interface: 'UI',
    metadata: { email },
    ...values,
    owner: { id: accountId },
    resource: { id: accountId, type: 'account' },
  };
}

function drawTlsDeployed({ accountId, dice, zoneName }: Scene): Deed {
  return {
    action: { result: true, type: 'tls_settings_deployed' },
    actor: { id: '1', type: 'system' },
    interface: '',
    metadata: { ssl: { hostname: `shop.${zoneName}`, status: dice.pick(['active', 'pending_validation']), validation_errors: [] }, zone_name: zoneName },
    newValue: 'null',
    oldValue: 'null',
    owner: { id: accountId },
    resource: { id: String(20_000_000_000 + dice.below(999_999_999)), type: 'zone' },
  };
}
