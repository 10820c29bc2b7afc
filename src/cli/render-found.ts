import type { FoundScopes, Scope } from '../cloudflare/find-scopes.ts';
import type { AllScopes } from '../settings/settings.ts';

const SHOWN = 5;

/** What a list of accounts or zones came to, e.g. `2 zones (a.example, b.example), 1 not active, 3 left out by zone_name`. */
export function renderFound({ chosen, inactive, leftOut }: FoundScopes, { scope }: AllScopes): string {
  const parts = [
    `${chosen.length} ${scope}${chosen.length === 1 ? '' : 's'}${renderNames(chosen)}`,
    ...(inactive.length === 0 ? [] : [`${inactive.length} not active${renderNames(inactive)}`]),
    ...(leftOut.length === 0 ? [] : [`${leftOut.length} left out by ${scope}_name${renderNames(leftOut)}`]),
  ];
  return parts.join(', ');
}

/** What to do where nothing is chosen. */
export function renderNoneHint({ inactive, leftOut }: FoundScopes, { scope }: AllScopes): string {
  const permission = scope === 'account' ? 'Account Settings Read' : 'Zone Read';
  if (leftOut.length > 0) return `Correct ${scope}_name: no active ${scope} has such a name.`;
  if (inactive.length > 0) return `Activate a ${scope} in the Cloudflare dashboard, or remove this stream.`;
  return `Give the credential the permission "${permission}" on the ${scope}s to collect, or name their ids.`;
}

function renderNames(scopes: readonly Scope[]): string {
  const names = scopes.slice(0, SHOWN).map(({ name }) => name);
  const more = scopes.length - names.length;
  return names.length === 0 ? '' : ` (${names.join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
}
