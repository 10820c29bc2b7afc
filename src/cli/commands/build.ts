import { relative, resolve } from 'node:path';
import { apiFacts } from '../../cloudflare/api-facts.ts';
import { readDefinition } from '../../definition/read-definition.ts';
import { buildPackage } from '../../package/build-package.ts';
import type { RunCommand } from '../commands.ts';
import { exitCodes } from '../exit-code.ts';

/** `build`: prints what was written and where. */
export const runBuild: RunCommand = async ({ options }, context) => {
  const definition = await readDefinition(context.projectFolder);
  const outFolder = resolve(context.cwd, String(options.out));
  const built = await buildPackage(definition, { projectFolder: context.projectFolder, outFolder, api: apiFacts });
  const show = (path: string): string => relative(context.cwd, path);
  context.stdout.write(`${definition.name} ${definition.version}: ${built.files.length} files\n`);
  for (const path of [built.sourceFolder, built.packageFolder, built.zip]) context.stdout.write(`  ${show(path)}\n`);
  return exitCodes.done;
};
