import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Fault } from '../errors.ts';

/** What references in a settings file are looked up in. */
export interface InterpolationSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths of `${file:PATH}` start from. */
  readonly folder: string;
  /** Name of the settings file, for faults. */
  readonly file: string;
}

const reference = /\$\{([^}]*)\}/g;

/**
 * The same tree with `${NAME}`, `${NAME:default}` and `${file:PATH}` in its strings replaced.
 * A file's content loses its last line end. Replaced text is never read as YAML, so a secret may hold any character.
 * Faults are added to `faults`: a variable that is not set, a file that cannot be read.
 */
export function interpolate(tree: unknown, sources: InterpolationSources, faults: Fault[], path = ''): unknown {
  if (typeof tree === 'string') return interpolateText(tree, sources, path, faults);
  if (Array.isArray(tree)) return tree.map((item, index) => interpolate(item, sources, faults, `${path}[${index}]`));
  if (tree === null || typeof tree !== 'object') return tree;
  const entries = Object.entries(tree).map(([key, value]) => [key, interpolate(value, sources, faults, path === '' ? key : `${path}.${key}`)]);
  return Object.fromEntries(entries);
}

function interpolateText(text: string, sources: InterpolationSources, path: string, faults: Fault[]): string {
  return text.replace(reference, (_match, inner: string) => {
    const result = inner.startsWith('file:') ? readSecretFile(inner.slice(5), sources) : readVariable(inner, sources);
    if (typeof result === 'string') return result;
    faults.push({ file: sources.file, path, ...result });
    return '';
  });
}

type Unresolved = Pick<Fault, 'message' | 'hint'>;

function readVariable(inner: string, { env }: InterpolationSources): string | Unresolved {
  const colon = inner.indexOf(':');
  const name = colon === -1 ? inner : inner.slice(0, colon);
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  if (colon !== -1) return inner.slice(colon + 1);
  return {
    message: `the environment variable ${name} is not set`,
    hint: `Set ${name} in the environment, or give a default: \${${name}:default}.`,
  };
}

function readSecretFile(path: string, { folder }: InterpolationSources): string | Unresolved {
  try {
    return readFileSync(resolve(folder, path), 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    return {
      message: `the file ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      hint: 'Create the file, or correct its path; a relative path starts from the folder of the settings file.',
    };
  }
}
