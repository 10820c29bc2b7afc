import { DEFAULT_SHARE } from '../cloudflare/budget.ts';
import { findUnfit, type Load, type Unfit } from '../cloudflare/find-unfit.ts';
import { chooseSources } from '../definition/choose-sources.ts';
import { type Fault, SettingsError } from '../errors.ts';
import type { ConnectionSettings } from '../settings/settings.ts';
import type { Opened } from './open-settings.ts';
import { toSettingPlace } from './setting-place.ts';

type Asking = Pick<Opened, 'definition' | 'settings' | 'file'>;

/**
 * Refuses settings that ask Cloudflare for more requests than its rate limits allow; `budgets` are the names of the connections' rate budgets.
 * @throws SettingsError that names the shortest interval that fits
 */
export function refuseUnfit(asking: Asking, budgets: readonly string[]): void {
  const { connections } = asking.settings;
  const loads = connections.flatMap((connection, index) => toLoads(connection, budgets[index] ?? connection.name, asking));
  const faults = findUnfit(loads).map((unfit) => toFault(unfit, asking));
  if (faults.length > 0) throw new SettingsError(faults);
}

function toLoads(connection: ConnectionSettings, budget: string, { definition }: Asking): readonly Load[] {
  const { name, rateBudgetShare: share = DEFAULT_SHARE } = connection;
  return connection.streams.flatMap(({ stream, choices, scopeIds, intervalMs }) => {
    const declared = definition.streams.find((candidate) => candidate.name === stream);
    const sources = declared === undefined ? [] : chooseSources(declared, choices);
    return sources.flatMap(({ scope, records, window }) =>
      (scope === 'user' ? ['user'] : scopeIds).map((scopeId) => {
        const load = { connection: name, stream, budget, share, intervalMs, windowMs: window.maxMs };
        return records === 'ndjson' ? { ...load, zoneId: scopeId } : load;
      }),
    );
  });
}

function toFault({ connection, stream, intervalMs, shortestMs, asked, limit, of }: Unfit, asking: Asking): Fault {
  const counts = `${asked} requests ${renderLimit[of]} in ${toText(limit.spanMs)}, and ${limit.limit} may be sent`;
  const less = of === 'logpullZone' ? 'read this zone in one connection only' : 'collect less with this Cloudflare user, or raise rate_budget_share';
  return {
    ...toSettingPlace({ connection, stream, variable: 'interval' }, asking),
    message: `connection ${connection}, stream ${stream}: with the interval ${toText(intervalMs)} the settings ask for at least ${counts}`,
    hint: shortestMs === undefined ? `No interval is long enough: ${less}.` : `Set the interval to ${toText(shortestMs)} or longer; or ${less}.`,
  };
}

const renderLimit = { user: 'of this Cloudflare user', logpullUser: 'for Logpull', logpullZone: 'for Logpull of one zone' } as const;

/** A duration as the settings take it. */
function toText(ms: number): string {
  const units = [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
    ['ms', 1],
  ] as const;
  let rest = ms;
  const parts = units.map(([unit, length]) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return parts.join('');
}
