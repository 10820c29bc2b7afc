/** Looking values up in tables; mirrors `src/pipeline/local/compile-table.ts`. */
export const TABLE_FUNCTIONS: Readonly<Record<string, string>> = {
  groupOf: `def groupOf(def[] values, Map groups) {
  Map marks = groups.get('marks');
  for (int i = 0; i < values.length; i++) {
    if (!(values[i] instanceof String)) { continue; }
    def mark = marks.get(values[i]);
    long found = mark != null ? ((Number) mark).longValue() : wordsOf(values[i], marks);
    if (found != 0) { return ((List) groups.get('names')).get(Long.numberOfTrailingZeros(found)); }
  }
  return null;
}`,
  listed: `def listed(def[] values, def list) {
  if (!(list instanceof List)) { return null; }
  for (int i = 0; i < values.length; i++) {
    if (!(values[i] instanceof String)) { continue; }
    String s = ((String) values[i]).toLowerCase(Locale.ROOT);
    for (def item : (List) list) { if (item instanceof String && s.equals(((String) item).toLowerCase(Locale.ROOT))) { return true; } }
  }
  return null;
}`,
};
