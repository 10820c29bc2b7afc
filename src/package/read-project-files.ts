import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { ProjectFiles } from '../compile/compile-package.ts';
import type { PackageFile } from '../compile/package-file.ts';

/** All files below a folder, paths relative to it; none where the folder is missing. */
async function readFolder(folder: string): Promise<readonly PackageFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const paths = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(paths.toSorted().map(async (path) => ({ path: path.slice(folder.length + 1).replaceAll(sep, '/'), content: await readFile(path) })));
}

/** Reads what the package takes from the project as it is: LICENSE, `docs/*.md`, `img/`, and each data stream's `_dev/test`. */
export async function readProjectFiles(projectFolder: string, streams: readonly string[]): Promise<ProjectFiles> {
  const docs = (await readFolder(join(projectFolder, 'docs'))).filter(({ path }) => /^[^/]+\.md$/.test(path));
  const development = streams.map(async (name) => {
    const files = await readFolder(join(projectFolder, 'data_stream', name, '_dev'));
    return [name, files.map(({ path, content }) => ({ path: `_dev/${path}`, content }))] as const;
  });
  return {
    license: await readFile(join(projectFolder, 'LICENSE'), 'utf8'),
    docs: Object.fromEntries(docs.map(({ path, content }) => [path, Buffer.from(content).toString('utf8')])),
    images: (await readFolder(join(projectFolder, 'img'))).filter(({ path }) => /^[^/]+\.(svg|png)$/.test(path)),
    development: Object.fromEntries(await Promise.all(development)),
  };
}
