import type { Dice } from '../random.ts';
import type { Actor } from './actors.ts';
import type { AuditEvent } from './audit-event.ts';

/** What an event is about, without its id, time and person. */
export type Deed = Pick<AuditEvent, 'metadata' | 'newValue' | 'newValueJson' | 'oldValue' | 'oldValueJson' | 'resource' | 'owner' | 'interface'> & {
  readonly action: NonNullable<AuditEvent['action']>;
  /** Somebody other than a person did it. */
  readonly actor?: { readonly id: string; readonly type: string };
};

/** The account that deeds are done in. */
export interface Scene {
  readonly accountId: string;
  readonly zoneName: string;
  readonly zoneId: string;
  readonly actor: Actor;
  readonly dice: Dice;
}

/** A kind of deed, and how often it is done. */
export interface Action {
  readonly weight: number;
  /** Shown by hide_user_logs only where it is false. */
  readonly ofUser: boolean;
  readonly draw: (scene: Scene) => Deed;
}

const EMPTY = { newValue: '', oldValue: '' } as const;

/** Deeds of a user about the own login, tokens and keys. */
export const USER_ACTIONS: readonly Action[] = [
  { weight: 200, ofUser: true, draw: (scene) => drawLogin(scene, true) },
  { weight: 60, ofUser: true, draw: (scene) => drawLogin(scene, false) },
  { weight: 25, ofUser: true, draw: (scene) => drawToken(scene, 'token_create') },
  { weight: 15, ofUser: true, draw: (scene) => drawToken(scene, 'token_revoke') },
  { weight: 15, ofUser: true, draw: (scene) => drawToken(scene, 'token_roll') },
  { weight: 20, ofUser: true, draw: (scene) => drawKey(scene, 'API_key_view') },
  { weight: 10, ofUser: true, draw: (scene) => drawKey(scene, 'API_key_created') },
  { weight: 10, ofUser: true, draw: (scene) => drawKey(scene, 'rotate_API_key') },
];

function drawLogin({ actor, dice }: Scene, result: boolean): Deed {
  const metadata = result ? {} : { reason: dice.pick(['invalid_password', 'two_factor_failed', 'account_locked']) };
  return { action: { result, type: 'login' }, interface: 'UI', metadata, ...EMPTY, owner: { id: actor.id }, resource: { id: actor.id, type: 'user' } };
}

function drawToken({ actor, dice }: Scene, type: 'token_create' | 'token_revoke' | 'token_roll'): Deed {
  const tag = dice.hex(32);
  const name = dice.pick(['es-collector', 'terraform', 'old-collector', 'Sammler für Köln 🚀', 'ci "nightly"']);
  const before = type === 'token_create' ? {} : { old_token_status: 'active' };
  const metadata = { token_name: name, token_tag: tag, ...before, new_token_status: type === 'token_revoke' ? 'disabled' : 'active' };
  return {
    action: { info: '', result: true, type },
    interface: dice.pick(['UI', 'API']),
    metadata,
    ...EMPTY,
    owner: { id: actor.id },
    resource: { id: tag, type: 'account' },
  };
}

function drawKey({ actor, dice }: Scene, type: 'API_key_view' | 'API_key_created' | 'rotate_API_key'): Deed {
  const digest = dice.hex(64);
  const action = { info: `key digest: ${digest.slice(0, 32)}`, result: true, type };
  const resource = { id: type === 'API_key_view' ? digest : actor.id, type: 'api_key' };
  return { action, interface: 'UI', metadata: {}, ...EMPTY, owner: { id: actor.id }, resource };
}
