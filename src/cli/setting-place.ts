import type { Fault } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';

interface SettingPlace {
  /** Name of the connection, among all of the settings. */
  readonly connection: string;
  readonly stream: string;
  readonly variable: string;
}

/** Where a person finds a stream's variable: in the settings file, or in the form of an integration policy. */
export function toSettingPlace(
  { connection, stream, variable }: SettingPlace,
  { settings, file }: { readonly settings: Settings; readonly file: string },
): Pick<Fault, 'file' | 'path'> {
  const index = settings.connections.findIndex(({ name }) => name === connection);
  const policy = settings.connections[index]?.policy;
  const path = `streams.${stream}.${variable}`;
  return policy === undefined ? { file, path: `connections[${index}].${path}` } : { file: `policy ${JSON.stringify(policy)}`, path: toVariablePlace(path) };
}

/** A place below a connection as the form has it: `streams.audit.interval` is the `variable interval of audit`. */
export function toVariablePlace(path: string): string {
  const [, stream, variable] = /^streams\.([^.]+)(?:\.(.+))?$/.exec(path) ?? [];
  if (stream === undefined) return path === '' ? '' : `variable ${path}`;
  return variable === undefined ? `stream ${stream}` : `variable ${variable} of ${stream}`;
}
