import type { ConnectionSettings } from './settings.ts';
import type { Report } from './to-settings.ts';

/** Whose rate limit a connection's requests count against, and how much of it they may take. */
export function toRateBudget(values: Readonly<Record<string, unknown>>, report: Report): Pick<ConnectionSettings, 'rateBudget' | 'rateBudgetShare'> {
  const { rate_budget: name, rate_budget_share: percent } = values;
  if (percent !== undefined && !(Number(percent) >= 1 && Number(percent) <= 100)) {
    report('.rate_budget_share', 'this is no percentage from 1 to 100', 'Write 50 for half of the requests that Cloudflare allows.');
  }
  return {
    ...(typeof name === 'string' && name !== '' ? { rateBudget: name } : {}),
    ...(percent === undefined ? {} : { rateBudgetShare: Number(percent) / 100 }),
  };
}
