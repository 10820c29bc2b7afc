import { compilePackage } from '../compile/compile-package.ts';
import type { ApiFacts } from '../definition/api-facts.ts';
import type { PackageDefinition } from '../definition/definition.ts';
import { readProjectFiles } from './read-project-files.ts';
import { toZip } from './to-zip.ts';

/** The zip that Kibana takes, compiled in memory; the same bytes as `buildPackage` writes. */
export async function zipPackage(
  definition: PackageDefinition,
  { projectFolder, api }: { readonly projectFolder: string; readonly api: ApiFacts },
): Promise<Uint8Array> {
  const { name, streams, version } = definition;
  const project = await readProjectFiles(
    projectFolder,
    streams.map((stream) => stream.name),
  );
  return toZip(`${name}-${version}`, compilePackage(definition, project, api).built);
}
