import { createDice, type Dice, drawHex, hashText, mix, scramble, toHex32 } from '../random.ts';
import { ACCOUNT_ACTIONS } from './account-actions.ts';
import { type Action, USER_ACTIONS } from './actions.ts';
import { type Actor, drawAddress } from './actors.ts';
import type { AuditEvent } from './audit-event.ts';

/** Makes the events of one account or user. */
export interface EventMaker {
  /** The event at a place in a bucket; `when` comes from the caller. */
  readonly draw: (place: { readonly bucket: number; readonly index: number }, when: string) => { readonly event: AuditEvent; readonly ofUser: boolean };
}

/** Everything that is done in an account. */
export const ACTIONS: readonly Action[] = [...USER_ACTIONS, ...ACCOUNT_ACTIONS];
const ZONES = ['example.com', 'example.org', 'xn--bcher-kva.example'];

/** Whose events are made, and of what. */
export interface MakerOptions {
  /** Id of the account, or of the user. */
  readonly ownerId: string;
  readonly salt: number;
  readonly actors: readonly Actor[];
  readonly actions: readonly Action[];
}

/** A maker of events; the same owner and seed always have the same ones. */
export function createEventMaker({ ownerId, salt, actors, actions }: MakerOptions): EventMaker {
  return {
    draw: ({ bucket, index }, when) => {
      const id = toEventId(salt, bucket, index);
      const dice = createDice(mix(mix(salt, bucket), index));
      if (dice.chance(0.003)) return { event: { id, when }, ofUser: false };
      const action = drawAction(actions, dice);
      return { event: drawEvent(action, { accountId: ownerId, actors, dice, id, when }), ofUser: action.ofUser };
    },
  };
}

interface EventScene {
  readonly accountId: string;
  readonly actors: readonly Actor[];
  readonly dice: Dice;
  readonly id: string;
  readonly when: string;
}

function drawEvent(action: Action, { accountId, actors, dice, id, when }: EventScene): AuditEvent {
  const actor = dice.pick(actors);
  const zoneName = dice.pick(ZONES);
  const { actor: other, ...deed } = action.draw({ accountId, actor, dice, zoneName, zoneId: drawHex(hashText(zoneName), 7, 32) });
  const person = { email: actor.email, id: actor.id, ip: drawAddress(actor, dice), type: actor.type };
  return { ...deed, actor: other ?? person, id, when };
}

function drawAction(actions: readonly Action[], dice: Dice): Action {
  let rest = dice.below(actions.reduce((sum, { weight }) => sum + weight, 0));
  for (const action of actions) {
    rest -= action.weight;
    if (rest < 0) return action;
  }
  return actions[0] as Action;
}

/** A version 4 UUID; its first and last eight digits are reversible pictures of bucket and index, so no two places of an account share one. */
function toEventId(salt: number, bucket: number, index: number): string {
  const head = toHex32(scramble(bucket ^ salt));
  const middle = drawHex(mix(mix(salt, bucket), index), 1, 14);
  const tail = toHex32(scramble(index ^ mix(salt, bucket)));
  const variant = (8 + (Number.parseInt(middle[7] as string, 16) & 3)).toString(16);
  return `${head}-${middle.slice(0, 4)}-4${middle.slice(4, 7)}-${variant}${middle.slice(8, 11)}-${middle.slice(10, 14)}${tail}`;
}
