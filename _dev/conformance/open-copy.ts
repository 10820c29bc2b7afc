import { execFile } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A copy of a package's source form where elastic-package may do as it likes. */
export interface PackageCopy {
  readonly copy: string;
  /** Where `build` and `check` put what they build. */
  readonly built: string;
  /**
   * Runs elastic-package in the copy.
   * @returns what it prints
   * @throws Error with what it prints, where it fails
   */
  readonly run: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<string>;
}

/** Most bytes of output that are kept. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/** Copies the source form into `folder`, with the repository that elastic-package wants above and a folder `build` that it may clear. */
export function openCopy(elasticPackage: string, sourceFolder: string, folder: string, version = '0.1.0'): PackageCopy {
  const name = basename(sourceFolder);
  const copy = join(folder, 'packages', name);
  for (const path of ['.git', 'build/packages', 'packages']) mkdirSync(join(folder, path), { recursive: true });
  cpSync(sourceFolder, copy, { recursive: true });
  const run: PackageCopy['run'] = (args, env = {}) =>
    new Promise((resolve, reject) => {
      execFile(elasticPackage, args, { cwd: copy, encoding: 'utf8', maxBuffer: MAX_OUTPUT, env: { ...process.env, ...env } }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`elastic-package ${args.join(' ')}:\n${stdout}${stderr}`, { cause: error }));
      });
    });
  return { copy, built: join(folder, 'build/packages', name, version), run };
}
