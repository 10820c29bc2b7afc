import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyDeclarations } from '../../../test/e2e/open-scene.ts';
import { layProgram, type Program } from '../program.ts';

/** A later version of a package. */
export interface NextVersion {
  readonly version: string;
  /** What of data_stream/audit/fields.yml is replaced: an old text and the new one. */
  readonly change: readonly [from: string, to: string];
}

/** A field that the present version does not have. */
export const NEW_FIELD = 'cloudflare.audit.upgraded';

const OWNER = '- name: cloudflare.audit.owner.id\n  type: keyword\n';
const MORE = `- name: ${NEW_FIELD}\n  type: keyword\n  description: Where the action was done.\n  from: interface\n`;

/** One version with a field more, which fits the old mapping, and one whose mapping conflicts with it, so that the data stream rolls over. */
export function toNextVersions(version: string): readonly NextVersion[] {
  const [major, minor, patch] = version.split('.').map(Number);
  const bump = (by: number): string => `${major}.${minor}.${(patch ?? 0) + by}`;
  return [
    { version: bump(1), change: [OWNER, `${MORE}${OWNER}`] },
    { version: bump(2), change: [OWNER, `${MORE}${OWNER.replace('keyword', 'wildcard')}`] },
  ];
}

interface Laying {
  readonly folder: string;
  /** Name of the package. */
  readonly name: string;
  readonly dist: string;
}

/** Lays the program with the declarations of that version into a folder. */
export async function layNextVersion({ change: [from, to], version }: NextVersion, { dist, folder, name }: Laying): Promise<Program> {
  await copyDeclarations(folder, name);
  await replace(join(folder, 'manifest.yml'), /^version: .*$/m, `version: ${version}`);
  await replace(
    join(folder, 'changelog.yml'),
    /^- version: /m,
    `- version: ${version}\n  changes:\n    - description: Upgrade.\n      type: enhancement\n      issue: 7\n- version: `,
  );
  await replace(join(folder, 'data_stream/audit/fields.yml'), from, to);
  return layProgram(folder, dist);
}

async function replace(file: string, from: RegExp | string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const replaced = text.replace(from, () => to);
  if (replaced === text) throw new Error(`${file} is not as this run expects`);
  await writeFile(file, replaced);
}
