/** One value or several, as list of texts; an empty text is none. */
export function toList(value: unknown): readonly string[] {
  if (value === undefined || value === '') return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
