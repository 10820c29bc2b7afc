import type { Data } from './package-under-test.ts';

/** A value of a document: its dotted path, without positions in lists, and itself; an empty object or list is a value. */
export type Leaf = readonly [path: string, value: unknown];

/** All values of a document; it does not look below the paths for which `stop` holds. */
export function toLeaves(document: Data, stop: (path: string) => boolean = () => false, path = ''): readonly Leaf[] {
  if (path !== '' && stop(path)) return [[path, document]];
  if (Array.isArray(document)) return document.length === 0 ? [[path, document]] : document.flatMap((item) => toLeaves(item, stop, path));
  if (typeof document !== 'object' || document === null) return [[path, document]];
  const entries = Object.entries(document);
  return entries.length === 0 ? [[path, document]] : entries.flatMap(([key, value]) => toLeaves(value, stop, path === '' ? key : `${path}.${key}`));
}

/** What stands at a dotted path, as it stands there; undefined where nothing does. Keys that hold dots themselves are found as well. */
export function valueAt(document: Data, path: string): unknown {
  if (typeof document !== 'object' || document === null) return undefined;
  if (path in document) return document[path];
  const dots = [...path.matchAll(/\./g)].map(({ index }) => index);
  for (const dot of dots) {
    const found = valueAt(document[path.slice(0, dot)], path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What stands at a dotted path, as a list; empty where nothing does. */
export function listAt(document: Data, path: string): readonly unknown[] {
  const value = valueAt(document, path);
  return value === undefined || value === null ? [] : [value].flat();
}

/** Whether a value says anything: not null, and not an empty text, list or object. */
export function isFilled(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return false;
  if (Array.isArray(value)) return value.some(isFilled);
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
