import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compilePackage } from '../compile/compile-package.ts';
import type { PackageFile } from '../compile/package-file.ts';
import type { ApiFacts } from '../definition/api-facts.ts';
import type { PackageDefinition } from '../definition/definition.ts';
import { readProjectFiles } from './read-project-files.ts';
import { toZip } from './to-zip.ts';

/** What `buildPackage` wrote; absolute if `outFolder` is. */
export interface BuiltPackage {
  /** `OUT/source/NAME`: for elastic-package and reviewers. */
  readonly sourceFolder: string;
  /** `OUT/packages/NAME/VERSION`: for a package registry. */
  readonly packageFolder: string;
  /** `OUT/packages/NAME-VERSION.zip`: for Kibana. */
  readonly zip: string;
  /** Every file written, the zip last. */
  readonly files: readonly string[];
}

/** What `buildPackage` needs beside the declarations. */
export interface BuildOptions {
  readonly projectFolder: string;
  readonly outFolder: string;
  /** What the docs say of Cloudflare's API. */
  readonly api: ApiFacts;
}

const FOLDER_MODE = 0o755;
const FILE_MODE = 0o644;

/** Writes the files and nothing else into the folder; what stood there goes. Modes do not depend on the umask. */
async function writeFolder(folder: string, files: readonly PackageFile[]): Promise<readonly string[]> {
  await rm(folder, { recursive: true, force: true });
  const folders = new Set(files.flatMap(({ path }) => toParents(path)));
  for (const path of ['.', ...[...folders].toSorted()]) {
    await makeFolder(join(folder, path));
  }
  return await Promise.all(files.map(({ path, content }) => writeOne(join(folder, path), content)));
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, FOLDER_MODE);
}

function toParents(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === '.' ? [] : [...toParents(parent), parent];
}

async function writeOne(path: string, content: string | Uint8Array): Promise<string> {
  await writeFile(path, content);
  await chmod(path, FILE_MODE);
  return path;
}

/**
 * Compiles the package and writes its two forms and the zip. All is compiled before the first file is touched; stale files of the same version go.
 * The same declarations give the same bytes in any folder, at any time, in any time zone and with any umask.
 */
export async function buildPackage(definition: PackageDefinition, options: BuildOptions): Promise<BuiltPackage> {
  const { name, version } = definition;
  const project = await readProjectFiles(
    options.projectFolder,
    definition.streams.map((stream) => stream.name),
  );
  const compiled = compilePackage(definition, project, options.api);
  const zipped = toZip(`${name}-${version}`, compiled.built);
  const packages = join(options.outFolder, 'packages');
  const built = {
    sourceFolder: join(options.outFolder, 'source', name),
    packageFolder: join(packages, name, version),
    zip: join(packages, `${name}-${version}.zip`),
  };
  await makeFolder(join(packages, name));
  const source = await writeFolder(built.sourceFolder, compiled.source);
  const packaged = await writeFolder(built.packageFolder, compiled.built);
  return { ...built, files: [...source, ...packaged, await writeOne(built.zip, zipped)] };
}
