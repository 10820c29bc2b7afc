const escapes: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', '\u2028': '\\u2028', '\u2029': '\\u2029' };

/**
 * JSON text as Go writes it, in which elastic-package is written: keys sorted, and without characters that mean something in HTML.
 * @param indent spaces of each level; without it, all stands in one line
 */
export function renderGoJson(value: unknown, indent = 0): string {
  return JSON.stringify(sortKeys(value), undefined, indent).replaceAll(/[<>&\u2028\u2029]/g, (character) => escapes[character] ?? character);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, child]) => [key, sortKeys(child)]));
}
