import type { AllScopes } from '../settings/settings.ts';
import type { Account, Zone } from './list-scopes.ts';
import type { Cloudflare } from './open-cloudflare.ts';

/** An account or a zone. */
export interface Scope {
  readonly id: string;
  readonly name: string;
  /** Of a zone: the account it belongs to. */
  readonly accountId?: string;
}

/** What a credential sees, sorted by what becomes of it. */
export interface FoundScopes {
  readonly chosen: readonly Scope[];
  /** Zones that are pending, moved or deactivated. */
  readonly inactive: readonly Scope[];
  /** Active, but not wanted by name. */
  readonly leftOut: readonly Scope[];
}

type Lists = Pick<Cloudflare, 'listAccounts' | 'listZones'>;

/**
 * Asks Cloudflare which accounts or zones there are, and chooses among them.
 * @throws CloudflareError where the credential may not ask, InterruptedError when the signal fires
 */
export async function findScopes(cloudflare: Lists, { scope, names }: AllScopes, signal: AbortSignal): Promise<FoundScopes> {
  return chooseScopes(await (scope === 'account' ? cloudflare.listAccounts(signal) : cloudflare.listZones(signal)), names);
}

/**
 * The active ones with a wanted name. A name is wanted where some pattern fits, or none says what to take, and no pattern with a leading `!` fits; the
 * order does not matter, nor does case.
 */
export function chooseScopes(listed: readonly (Account | Zone)[], names: readonly string[]): FoundScopes {
  const isWanted = createFilter(names);
  const found = listed.map((item) => ({ scope: toScope(item), active: !('status' in item) || item.status === undefined || item.status === 'active' }));
  const active = found.flatMap((item) => (item.active ? [item.scope] : []));
  return {
    chosen: active.filter(({ name }) => isWanted(name)),
    inactive: found.flatMap((item) => (item.active ? [] : [item.scope])),
    leftOut: active.filter(({ name }) => !isWanted(name)),
  };
}

function toScope(item: Account | Zone): Scope {
  const account = 'account' in item ? item.account : undefined;
  return { id: item.id, name: item.name, ...(account === undefined ? {} : { accountId: account.id }) };
}

function createFilter(names: readonly string[]): (name: string) => boolean {
  const wanted = names.filter((name) => !name.startsWith('!')).map(toPattern);
  const unwanted = names.filter((name) => name.startsWith('!')).map((name) => toPattern(name.slice(1)));
  const fits = (patterns: readonly RegExp[], name: string): boolean => patterns.some((pattern) => pattern.test(name));
  return (name) => (wanted.length === 0 || fits(wanted, name)) && !fits(unwanted, name);
}

function toPattern(glob: string): RegExp {
  const literal = glob.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
  return new RegExp(`^${literal.replace(/\*+/g, '.*').replaceAll('?', '.')}$`, 'isu');
}
