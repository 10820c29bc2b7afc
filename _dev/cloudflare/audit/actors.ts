import { PLACES } from '../places.ts';
import { createDice, type Dice, hashText, mix, pick } from '../random.ts';

/** A person who works in an account. */
export interface Actor {
  readonly id: string;
  readonly email: string;
  readonly type: 'user' | 'admin';
  /** Their usual addresses. */
  readonly addresses: readonly string[];
}

const PEOPLE = [
  ['michelle@example.com', 'admin'],
  ['ops@example.com', 'user'],
  ['secops@example.com', 'user'],
  ['contractor@example.net', 'user'],
  ['zoë.ångström@example.com', 'user'],
  ['deploy+ci@example.com', 'user'],
  ["d.o'hara@example.org", 'user'],
  ['山田@example.jp', 'user'],
] as const;

/** The people of an account. */
export function createActors(salt: number): readonly Actor[] {
  return PEOPLE.map(([email, type]) => createActor(email, type, salt));
}

/** A person with usual addresses. */
export function createActor(email: string, type: Actor['type'], salt: number): Actor {
  const dice = createDice(mix(salt, hashText(email)));
  const place = dice.pick(PLACES);
  return { id: dice.hex(32), email, type, addresses: [place.toAddress(dice.next()), place.toAddress(dice.next()), dice.pick(PLACES).toAddress(dice.next())] };
}

/** Where somebody comes from this time; now and then what stands there is no address. */
export function drawAddress(actor: Actor, dice: Dice): string {
  if (dice.chance(0.01)) return dice.pick(['unknown', 'gateway.internal.example.com', '']);
  return pick(actor.addresses, dice.next());
}
