import type { Budget, Turn } from '../cloudflare/budget.ts';

/** Requests sent to Cloudflare by this process, by connection and kind. */
export interface RequestCounts {
  /** The budget as it was, whose turns are counted for the connection. */
  count(connection: string, budget: Budget): Budget;
  list(): readonly { readonly connection: string; readonly kind: Turn['kind']; readonly count: number }[];
}

/** Counts every request where it takes its turn, also each that is sent again. */
export function createRequestCounts(): RequestCounts {
  const counts = new Map<string, Map<Turn['kind'], number>>();
  return {
    count: (connection, budget) => {
      const own = counts.get(connection) ?? new Map<Turn['kind'], number>();
      counts.set(connection, own);
      return {
        ...budget,
        takeTurn: async (turn, signal) => {
          await budget.takeTurn(turn, signal);
          own.set(turn.kind, (own.get(turn.kind) ?? 0) + 1);
        },
      };
    },
    list: () => [...counts].flatMap(([connection, own]) => [...own].map(([kind, count]) => ({ connection, kind, count }))),
  };
}
