import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load, YAMLException } from 'js-yaml';
import { checkShape, type DeclarationKind } from './check-shape.ts';
import type { Report } from './report.ts';

/** Where a declaration file stands, and what is told of it. */
export interface DeclarationPlace<Tree> {
  readonly folder: string;
  /** Relative to the folder. */
  readonly file: string;
  readonly report: Report;
  /** What a missing file stands for; without it a missing file is a fault. */
  readonly missing?: Tree;
}

/** The file's tree where it is there, is YAML and has its kind's shape; undefined otherwise, which is then reported. */
export async function readYaml<Tree>(kind: DeclarationKind, { folder, file, report, missing }: DeclarationPlace<Tree>): Promise<Tree | undefined> {
  const text = await readText(join(folder, file));
  if (text === undefined) {
    if (missing === undefined) report('', 'the file is missing', `Add ${file}.`);
    return missing;
  }
  const tree = parse(text, report);
  return tree !== undefined && checkShape(kind, tree, report) ? (tree as Tree) : undefined;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function parse(text: string, report: Report): unknown {
  try {
    return load(text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark === undefined ? '' : ` in line ${error.mark.line + 1}`;
    report('', `no YAML${line}: ${error.reason}`, 'Correct the line; text with a colon or a brace needs quotes.');
    return undefined;
  }
}
