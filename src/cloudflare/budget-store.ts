/** What becomes of an entry: the next one, or the same one where nothing is to be written. */
export interface Change<State, Result> {
  readonly state: State | undefined;
  readonly result: Result;
}

/** Where what is left of the rate limits is kept, by name. */
export interface BudgetStore {
  /** How much the clocks of those who share it may differ, in milliseconds. */
  readonly skewMs: number;
  /**
   * Changes one entry as if nobody else did meanwhile. `change` may be called again, with what somebody else has written; where it hands back
   * the state that it got, nothing is written.
   */
  change<State extends object, Result>(name: string, change: (seen: State | undefined) => Change<State, Result>): Promise<Result>;
}

/** A store that lives and dies with this process. */
export function createMemoryStore(): BudgetStore {
  const entries = new Map<string, object>();
  return {
    skewMs: 0,
    change: async <State extends object, Result>(name: string, change: (seen: State | undefined) => Change<State, Result>) => {
      const { state, result } = change(entries.get(name) as State | undefined);
      if (state !== undefined) entries.set(name, state);
      return result;
    },
  };
}
