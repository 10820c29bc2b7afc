import { basename, dirname, resolve } from 'node:path';
import { type Fault, SettingsError } from '../errors.ts';
import { checkAgainst } from './check-shape.ts';
import { interpolate } from './interpolate.ts';
import { readSettingsTree } from './read-settings-tree.ts';
import type { GeoipSettings } from './settings.ts';
import { geoipSchema } from './settings-schema.ts';
import { toGeoip } from './to-settings.ts';

const schema = { properties: { elasticsearch: { properties: { geoip: geoipSchema } } } };

/**
 * The databases that a settings file names, and nothing else of it: what needs no server needs no credential either, so variables
 * of other keys may be unset.
 * @throws SettingsError with the faults of these keys
 */
export async function loadGeoip(file: string, env: Readonly<Record<string, string | undefined>>): Promise<GeoipSettings> {
  const folder = dirname(resolve(file));
  const given = toGiven(await readSettingsTree(file));
  const faults: Fault[] = [];
  const geoip = interpolate(given, { env, folder, file: basename(file) }, faults, 'elasticsearch.geoip');
  if (faults.length > 0) throw new SettingsError(faults);
  const tree = { elasticsearch: geoip === undefined ? {} : { geoip } };
  const shaped = checkAgainst<{ readonly elasticsearch: { readonly geoip?: unknown } }>(schema, tree, basename(file));
  return toGeoip(shaped.elasticsearch.geoip, { resolvePath: (path) => resolve(folder, path) });
}

function toGiven(tree: unknown): unknown {
  const settings = tree as { readonly elasticsearch?: { readonly geoip?: unknown } | null } | null | undefined;
  return settings?.elasticsearch?.geoip;
}
