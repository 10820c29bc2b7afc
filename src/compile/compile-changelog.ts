import type { PackageDefinition } from '../definition/definition.ts';

/** The package's `changelog.yml` as plain data, newest version first. */
export function compileChangelog({ changelog }: PackageDefinition): readonly object[] {
  return changelog.map(({ version, changes }) => ({
    version,
    changes: changes.map(({ description, type, link }) => ({ description, type, link })),
  }));
}
