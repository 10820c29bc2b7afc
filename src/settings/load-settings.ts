import { basename, dirname, resolve } from 'node:path';
import type { PackageDefinition } from '../definition/definition.ts';
import { type Fault, SettingsError } from '../errors.ts';
import { checkShape } from './check-shape.ts';
import { findProxy } from './find-proxy.ts';
import { interpolate } from './interpolate.ts';
import { readSettingsTree } from './read-settings-tree.ts';
import type { Settings } from './settings.ts';
import type { SettingsOptions } from './settings-schema.ts';
import { toSettings } from './to-settings.ts';

interface LoadOptions extends SettingsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly definition: PackageDefinition;
}

/**
 * The checked settings of a file, completed with the declared defaults.
 * Relative paths in it start from its folder.
 * @throws SettingsError with all faults of the file
 */
export async function loadSettings(file: string, { env, definition, ...options }: LoadOptions): Promise<Settings> {
  const folder = dirname(resolve(file));
  const place = { env, folder, file: basename(file), resolvePath: (path: string) => resolve(folder, path) };
  const tree = await readSettingsTree(file);
  const faults: Fault[] = [];
  const filled = interpolate(tree, place, faults);
  if (faults.length > 0) throw new SettingsError(faults);
  const shaped = checkShape(filled, definition, { file: place.file, ...options });
  const settings = toSettings(shaped, definition, place);
  const proxyUrl = findProxy(settings.elasticsearch.url, settings.elasticsearch.proxyUrl, env);
  return proxyUrl === undefined ? settings : { ...settings, elasticsearch: { ...settings.elasticsearch, proxyUrl } };
}
