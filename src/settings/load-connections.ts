import { basename, dirname, resolve } from 'node:path';
import type { PackageDefinition } from '../definition/definition.ts';
import { type Fault, SettingsError } from '../errors.ts';
import { type ConnectionFile, checkAgainst, type SettingsFile } from './check-shape.ts';
import { interpolate } from './interpolate.ts';
import { readSettingsTree } from './read-settings-tree.ts';
import { toSettingsSchema } from './settings-schema.ts';

/**
 * The connections as a settings file has them, without defaults: what a person chose, under the names that the form in Kibana has too.
 * @throws SettingsError with every unknown key and every value of the wrong kind
 */
export async function loadConnections(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  definition: PackageDefinition,
): Promise<readonly ConnectionFile[]> {
  const file = basename(path);
  const faults: Fault[] = [];
  const filled = interpolate(await readSettingsTree(path), { env, folder: dirname(resolve(path)), file }, faults);
  if (faults.length > 0) throw new SettingsError(faults);
  return checkAgainst<SettingsFile>(toSettingsSchema(definition), filled ?? {}, file).connections ?? [];
}
