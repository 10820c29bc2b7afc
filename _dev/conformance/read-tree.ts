import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly hash: string | undefined;
}

function readEntries(folder: string): readonly Entry[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  return paths.map((path) => {
    const info = statSync(join(folder, path));
    const hash = info.isFile()
      ? createHash('sha256')
          .update(readFileSync(join(folder, path)))
          .digest('hex')
      : undefined;
    return { path, mode: (info.mode & 0o777).toString(8), hash };
  });
}

/** Every file and folder below a folder: its mode, and a hash of its content. */
export function readTree(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(readEntries(folder).map(({ path, mode, hash }) => [path, `${mode} ${hash ?? 'folder'}`]));
}

/** Every file below a folder: a hash of its content. */
export function readContents(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(readEntries(folder).flatMap(({ path, hash }) => (hash === undefined ? [] : [[path, hash]])));
}
