import { closest } from 'fastest-levenshtein';
import type { Zone } from '../cloudflare/list-scopes.ts';
import type { ConnectionSettings } from '../settings/settings.ts';
import type { Trial } from './check-cloudflare.ts';
import { type Finding, toFailure } from './finding.ts';

/** A variable of such a name lists zones, by name or id. */
const ZONE_LIST = /_zones$/;

/**
 * Shows which of the zones that the mapping is told of (`critical_zones`) the credential does not see. They stop nothing: an event is collected all the
 * same, only not graded by them.
 */
export async function checkZoneLists({ name, streams }: ConnectionSettings, { cloudflare, signal, show }: Trial): Promise<void> {
  const lists = streams.flatMap(({ stream, sent = {} }) =>
    Object.entries(sent).flatMap(([variable, value]) => {
      const listed = ZONE_LIST.test(variable) && Array.isArray(value) ? (value as readonly string[]) : [];
      return listed.length === 0 ? [] : [{ what: `connection ${name}: ${stream}, ${variable}`, listed }];
    }),
  );
  for (const { what, listed } of lists) {
    try {
      for (const finding of compareZones(listed, await cloudflare.listZones(signal))) show({ what, ...finding });
    } catch (error) {
      show({ ...toFailure(what, error), state: 'warn' });
    }
  }
}

function compareZones(listed: readonly string[], zones: readonly Zone[]): readonly Omit<Finding, 'what'>[] {
  if (zones.length === 0)
    return [{ state: 'warn', detail: 'the credential sees no zones to compare them with', hint: 'Give the token the permission "Zone Read".' }];
  const unknown = listed.filter((text) => !zones.some(({ id, name }) => [id, name.toLowerCase()].includes(text.toLowerCase())));
  if (unknown.length === 0) return [{ state: 'ok', detail: `all ${listed.length} known` }];
  const names = zones.map((zone) => zone.name);
  return unknown.map((text) => ({
    state: 'warn',
    detail: `${text} is no zone that the credential sees`,
    hint: `Did you mean ${closest(text, names)}? Correct the name or ID; until then no event is graded by it.`,
  }));
}
