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
 * Opens one rate budget for each Cloudflare user; answers by the names of the connections.
 * @throws SettingsError when the settings ask for more than the rate limits allow
 */
export async function openBudgets(opened: Opened, context: CommandContext, { store, closing, polling }: BudgetsOptions): Promise<ReadonlyMap<string, Budget>> {
  const { definition, settings } = opened;
  const { connections } = settings;
  const findUserId = (connection: ConnectionSettings) => askForUser(connection, definition.version, context);
  // One connection in a process of its own has nobody to share with.
  const shared = settings.state.store === 'elasticsearch' || connections.length > 1;
  const keys = shared ? await Promise.all(connections.map((connection) => findBudgetKey(connection, store, findUserId))) : connections.map(toBudgetKey);
  if (polling) refuseUnfit(opened, keys);
  const holder = randomUUID().slice(0, 8);
  const open = (name: string): Budget => {
    const shares = connections.filter((_, index) => keys[index] === name).map(({ rateBudgetShare = DEFAULT_SHARE }) => rateBudgetShare);
    const budget = createBudget({ timing: systemTiming, share: Math.min(...shares), store, name, holder, longestWaitMs: LONGEST_WAIT_MS });
    closing.later({ close: () => atMost(GIVE_BACK_MS, budget.close()) });
    return budget;
  };
  const budgets = new Map([...new Set(keys)].map((name) => [name, open(name)]));
  return new Map(connections.map(({ name }, index) => [name, budgets.get(keys[index] ?? '') as Budget]));
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
