import { findScopes } from '../cloudflare/find-scopes.ts';
import type { ConnectionSettings, StreamSettings } from '../settings/settings.ts';
import type { Trial } from './check-cloudflare.ts';
import { toFailure } from './finding.ts';
import { renderFound, renderNoneHint } from './render-found.ts';

/** A connection with every `all` replaced by the ids that Cloudflare lists. */
export interface CheckedScopes {
  readonly connection: ConnectionSettings;
  /** Accounts that the listed zones belong to. */
  readonly accountIds: readonly string[];
  /** How many lists were refused, or have nothing to collect in them. */
  readonly refused: number;
}

/** Asks for each list of the connection, and shows what was found. */
export async function checkScopes(connection: ConnectionSettings, trial: Trial): Promise<CheckedScopes> {
  const accountIds: string[] = [];
  const streams: StreamSettings[] = [];
  let refused = 0;
  for (const stream of connection.streams) {
    const scopeIds = await checkStream(connection, stream, { ...trial, accountIds });
    if (stream.all !== undefined && scopeIds.length === 0) refused += 1;
    streams.push({ ...stream, scopeIds });
  }
  return { connection: { ...connection, streams }, accountIds: [...new Set(accountIds)], refused };
}

async function checkStream(
  { name }: ConnectionSettings,
  { stream, all, scopeIds }: StreamSettings,
  { cloudflare, signal, show, accountIds }: Trial & { readonly accountIds: string[] },
): Promise<readonly string[]> {
  if (all === undefined) return scopeIds;
  const what = `connection ${name}: ${stream}, ${all.scope}_id all`;
  try {
    const found = await findScopes(cloudflare, all, signal);
    const detail = renderFound(found, all);
    accountIds.push(...found.chosen.flatMap(({ accountId }) => accountId ?? []));
    show(found.chosen.length > 0 ? { state: 'ok', what, detail } : { state: 'FAIL', what, detail, hint: renderNoneHint(found, all) });
    return found.chosen.map(({ id }) => id);
  } catch (error) {
    show(toFailure(what, error));
    return [];
  }
}
