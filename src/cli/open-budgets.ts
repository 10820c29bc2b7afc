import { randomUUID } from 'node:crypto';
import { type Budget, createBudget, DEFAULT_SHARE } from '../cloudflare/budget.ts';
import { findBudgetKey, toBudgetKey } from '../cloudflare/budget-key.ts';
import type { BudgetStore } from '../cloudflare/budget-store.ts';
import { openCloudflare } from '../cloudflare/open-cloudflare.ts';
import { systemTiming } from '../cloudflare/timing.ts';
import type { ConnectionSettings } from '../settings/settings.ts';
import { atMost } from './at-most.ts';
import type { Closing } from './closing.ts';
import type { CommandContext } from './context.ts';
import type { Opened } from './open-settings.ts';
import { refuseUnfit } from './refuse-unfit.ts';

/** A longer wait is the scheduler's, who lets another partition go first. */
const LONGEST_WAIT_MS = 15_000;
const ASK_MS = 5_000;
/** What is not given back by then returns by itself. */
const GIVE_BACK_MS = 2_000;

interface BudgetsOptions {
  readonly store: BudgetStore;
  readonly closing: Closing;
  /** Whether intervals that do not fit are refused. */
  readonly polling: boolean;
}

/**
 * The rate budgets by the names of these connections, one for each Cloudflare user. One that is open stays the same as long as its share does.
 * @throws SettingsError when they ask for more than the rate limits allow
 */
export type BudgetsOf = (connections: readonly ConnectionSettings[], options?: FollowOptions) => Promise<ReadonlyMap<string, Budget>>;

/** How connections change. */
export interface FollowOptions {
  /** Takes intervals that do not fit the rate limits, where nobody chose them anew. @default false */
  readonly bearUnfit?: boolean;
}

/** Makes the function that opens rate budgets. */
export function createBudgets(opened: Opened, context: CommandContext, { store, closing, polling }: BudgetsOptions): BudgetsOf {
  const findKey = createFindKey(opened, context, store);
  const open = createOpenBudget(store, closing);
  return async (connections, { bearUnfit = false } = {}) => {
    const keys = await findKey(connections);
    const asking = { ...opened, settings: { ...opened.settings, connections } };
    if (polling && !bearUnfit) refuseUnfit(asking, keys);
    const shareOf = (key: string): number => {
      const shares = connections.filter((_, index) => keys[index] === key).map(({ rateBudgetShare = DEFAULT_SHARE }) => rateBudgetShare);
      return Math.min(...shares);
    };
    return new Map(connections.map(({ name }, index) => [name, open(keys[index] ?? '', shareOf(keys[index] ?? ''))]));
  };
}

function createOpenBudget(store: BudgetStore, closing: Closing): (name: string, share: number) => Budget {
  const open = new Map<string, { readonly budget: Budget; readonly share: number }>();
  return (name, share) => {
    const known = open.get(name);
    if (known?.share === share) return known.budget;
    // Named anew each time: what a former one has reserved is not this one's to use.
    const holder = randomUUID().slice(0, 8);
    const budget = createBudget({ timing: systemTiming, share, store, name, holder, longestWaitMs: LONGEST_WAIT_MS });
    closing.later({ close: () => atMost(GIVE_BACK_MS, budget.close()) });
    open.set(name, { budget, share });
    return budget;
  };
}

/** Names of the connections' budgets; whose a credential is, is asked once. */
function createFindKey({ definition, fleet, settings }: Opened, context: CommandContext, store: BudgetStore) {
  const found = new Map<string, string>();
  const findUserId = (connection: ConnectionSettings) => askForUser(connection, definition.version, context);
  const find = async (connection: ConnectionSettings): Promise<string> => {
    const own = toBudgetKey(connection);
    const key = found.get(own) ?? (await findBudgetKey(connection, store, findUserId));
    found.set(own, key);
    return key;
  };
  return async (connections: readonly ConnectionSettings[]): Promise<readonly string[]> => {
    // One connection in a process of its own has nobody to share with.
    const shared = settings.state.store === 'elasticsearch' || connections.length > 1 || fleet !== undefined;
    return shared ? Promise.all(connections.map(find)) : connections.map(toBudgetKey);
  };
}

async function askForUser(connection: ConnectionSettings, version: string, { env, signal }: CommandContext): Promise<string | undefined> {
  const cloudflare = await openCloudflare(connection, { version, env });
  const limit = AbortSignal.timeout(ASK_MS);
  try {
    return await cloudflare.fetchUserId(AbortSignal.any([signal, limit]));
  } catch (error) {
    if (limit.aborted && !signal.aborted) return undefined;
    throw error;
  } finally {
    await cloudflare.close();
  }
}
