import { createHash } from 'node:crypto';
import { InterruptedError } from '../errors.ts';
import type { ConnectionSettings } from '../settings/settings.ts';
import type { BudgetStore } from './budget-store.ts';

/** Asks Cloudflare for the id of a connection's user; undefined where the credential may not read it, or has none. */
export type FindUserId = (connection: ConnectionSettings) => Promise<string | undefined>;

/** The name of a budget as far as the settings tell: the given one, or a hash of the credential, which does not show it. */
export function toBudgetKey({ apiUrl, credential, rateBudget }: ConnectionSettings): string {
  if (rateBudget !== undefined) return `name ${rateBudget}`;
  const secret = credential.kind === 'token' ? credential.token : credential.email.toLowerCase();
  return `credential ${createHash('sha256').update(`${apiUrl}\n${credential.kind}\n${secret}`).digest('hex').slice(0, 32)}`;
}

/**
 * The name of a connection's budget: that of the settings, else the id of the user, for Cloudflare counts all of a user's credentials together, else
 * the hash of the credential. Who the user is, is remembered in the store, so that all collectors come to the same name.
 * @throws InterruptedError when the program is to stop
 */
export async function findBudgetKey(connection: ConnectionSettings, store: BudgetStore, findUserId: FindUserId): Promise<string> {
  const key = toBudgetKey(connection);
  if (connection.rateBudget !== undefined || isOwnedByAccount(connection)) return key;
  const remembered = await store.change<User, User | undefined>(key, (user) => ({ state: user, result: user }));
  const id = remembered?.userId ?? (await findUserId(connection).catch(orNothing));
  if (id === undefined) return key;
  if (remembered === undefined) await store.change<User, undefined>(key, (user) => ({ state: user ?? { userId: id }, result: undefined }));
  return `user ${id}`;
}

interface User {
  readonly userId: string;
}

function isOwnedByAccount({ credential }: ConnectionSettings): boolean {
  return credential.kind === 'token' && credential.token.startsWith('cfat_');
}

/** Collecting itself will show what is wrong. */
function orNothing(error: unknown): undefined {
  if (error instanceof InterruptedError) throw error;
  return undefined;
}
