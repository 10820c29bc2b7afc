import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { load } from 'js-yaml';
import { SettingsError } from '../errors.ts';

/**
 * What stands in a settings file, as YAML has it: nothing is replaced or checked yet.
 * @throws SettingsError where the file cannot be read or is no YAML
 */
export async function readSettingsTree(file: string): Promise<unknown> {
  return parse(await readText(file), basename(file));
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
