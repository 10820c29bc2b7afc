import type { BudgetStore, Change } from '../cloudflare/budget-store.ts';
import type { Timing } from '../cloudflare/timing.ts';
import { ElasticsearchError } from '../errors.ts';
import type { StateIndex, Versioned } from './state-index.ts';

/** A document of kind `budget`: one limit of one user or zone. */
interface BudgetDocument {
  readonly kind: 'budget';
  readonly key: string;
  readonly state: object;
}

/** Time servers keep clocks far closer. Beyond it, a budget may be exceeded by what is sent within the difference. */
const SKEW_MS = 5_000;
const MOST_TRIES = 30;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;
const never = new AbortController().signal;

/**
 * Keeps budgets in Elasticsearch, where every collector that opens the same index shares them. The last state seen is tried first, so that
 * an undisturbed change costs one write.
 */
export function openSharedBudget(index: StateIndex, timing: Pick<Timing, 'random' | 'sleep'>): BudgetStore {
  const known = new Map<string, Versioned<BudgetDocument>>();
  const read = async (name: string): Promise<Versioned<BudgetDocument> | undefined> => {
    const found = await index.get<BudgetDocument>(toId(name));
    if (found === undefined) known.delete(name);
    else known.set(name, found);
    return found;
  };
  const write = async (name: string, state: object, seen: Versioned<BudgetDocument> | undefined): Promise<boolean> => {
    const content: BudgetDocument = { kind: 'budget', key: name, state };
    const version = await index.put(toId(name), content, seen?.version ?? 'new');
    if (version !== undefined) known.set(name, { content, version });
    return version !== undefined;
  };
  const change = async <State extends object, Result>(name: string, make: (seen: State | undefined) => Change<State, Result>): Promise<Result> => {
    for (let tries = 0, remembered = known.get(name); tries < MOST_TRIES; tries += 1, remembered = undefined) {
      const seen = remembered ?? (await read(name));
      const { state, result } = make(seen?.content.state as State | undefined);
      const same = state === undefined || state === seen?.content.state;
      // What somebody remembers may be over: whoever gets nothing looks again before waiting.
      if (same && remembered === undefined) return result;
      if (same) continue;
      if (await write(name, state, seen)) return result;
      await timing.sleep(timing.random() * Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS), never);
    }
    throw new ElasticsearchError(`sharing the rate budget ${name}: others changed it ${MOST_TRIES} times meanwhile`, {
      hint: 'Nothing to do: it is tried again. If this stays, let fewer collectors share one rate budget.',
      retryable: true,
    });
  };
  return { skewMs: SKEW_MS, change };
}

function toId(name: string): string {
  return `budget/${name}`;
}
