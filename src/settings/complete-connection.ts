import type { PackageDefinition } from '../definition/definition.ts';
import { type Fault, SettingsError } from '../errors.ts';
import { type ConnectionFile, createCheck } from './check-shape.ts';
import type { ConnectionSettings } from './settings.ts';
import { toConnectionSchema } from './settings-schema.ts';
import { type SettingsPlace, toConnection } from './to-settings.ts';

/**
 * A connection that does not stand in the settings file, checked and completed as if it did; but `${NAME}` in it is plain text.
 * `place.file` names where it stands in faults.
 * @throws SettingsError with all faults of it
 */
export type CompleteConnection = (tree: unknown, place: SettingsPlace) => ConnectionSettings;

/** Makes the function that completes connections from elsewhere. */
export function createCompleteConnection(definition: PackageDefinition): CompleteConnection {
  const check = createCheck<ConnectionFile>(toConnectionSchema(definition));
  return (tree, place) => {
    const given = check(tree, place.file);
    const faults: Fault[] = [];
    const report = (path: string, message: string, hint: string): void => void faults.push({ file: place.file, path: path.slice(1), message, hint });
    const connection = toConnection(given, { definition, place, report });
    if (faults.length > 0) throw new SettingsError(faults);
    return connection;
  };
}
