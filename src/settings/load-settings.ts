import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { load } from 'js-yaml';
import type { PackageDefinition } from '../definition/definition.ts';
import { type Fault, SettingsError } from '../errors.ts';
import { checkShape } from './check-shape.ts';
import { findProxy } from './find-proxy.ts';
import { interpolate } from './interpolate.ts';
import type { Settings } from './settings.ts';
import { toSettings } from './to-settings.ts';

/**
 * The checked settings of a file, completed with the declared defaults.
 * Relative paths in it start from its folder.
 * @throws SettingsError with all faults of the file
 */
export async function loadSettings(file: string, env: Readonly<Record<string, string | undefined>>, definition: PackageDefinition): Promise<Settings> {
  const folder = dirname(resolve(file));
  const place = { env, folder, file: basename(file), resolvePath: (path: string) => resolve(folder, path) };
  const tree = parse(await readText(file), place.file);
  const faults: Fault[] = [];
  const filled = interpolate(tree, place, faults);
  if (faults.length > 0) throw new SettingsError(faults);
  const shaped = checkShape(filled, definition, place.file);
  const settings = toSettings(shaped, definition, place);
  const proxyUrl = findProxy(settings.elasticsearch.url, settings.elasticsearch.proxyUrl, env);
  return proxyUrl === undefined ? settings : { ...settings, elasticsearch: { ...settings.elasticsearch, proxyUrl } };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : `cannot be read (${(error as NodeJS.ErrnoException).code})`;
    const hint = 'Create it (the README has one to start from), or name another with --config FILE.';
    throw new SettingsError([{ file, path: '', message: `the settings file ${reason}`, hint }]);
  }
}

function parse(text: string, file: string): unknown {
  try {
    return load(text);
  } catch (error) {
    if (isEmpty(text)) return {};
    const { reason, mark } = error as { reason?: string; mark?: { line: number; column: number } };
    const where = mark === undefined ? '' : `line ${mark.line + 1}, column ${mark.column + 1}`;
    throw new SettingsError([{ file, path: where, message: `no YAML: ${reason ?? String(error)}`, hint: 'Correct the line; mind the indentation.' }]);
  }
}

/** Nothing but blank lines and comments. */
function isEmpty(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(#.*)?$/.test(line));
}
