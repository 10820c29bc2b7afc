import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser'];

/**
 * Where a Chromium lies: what CHROMIUM names, else `chromium` on the path; undefined where there is none.
 * @throws RangeError where CHROMIUM names a file that does not exist
 */
export function findChromium(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { CHROMIUM: given = '', PATH: path = '' } = env;
  if (given !== '' && !existsSync(given)) throw new RangeError(`CHROMIUM=${given} does not exist`);
  if (given !== '') return given;
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((file) => existsSync(file));
}
