/** Tests of conditions; mirrors `src/pipeline/local/compile-condition.ts`. */
export const CONDITION_FUNCTIONS: Readonly<Record<string, string>> = {
  has: `boolean has(def v, def scalar) {
  if (v instanceof List) {
    for (def item : (List) v) { if (item == scalar) { return true; } }
    return false;
  }
  return v == scalar;
}`,
  hasText: `boolean hasText(def v, String text) { return v instanceof List ? ((List) v).contains(text) : text.equals(v); }`,
  isIn: `boolean isIn(def v, Map values) {
  if (v instanceof List) {
    for (def item : (List) v) { if (values.containsKey(item)) { return true; } }
    return false;
  }
  return values.containsKey(v);
}`,
  wordsOf: `long wordsOf(def v, Map words) {
  long found = 0;
  if (v instanceof List) {
    for (def item : (List) v) { if (item instanceof String) { found |= wordsOf(item, words); } }
    return found;
  }
  if (!(v instanceof String)) { return found; }
  String s = v;
  int length = s.length();
  if (length > 1000) { return found; }
  int start = 0;
  for (int i = 0; i <= length; i++) {
    char c = i < length ? s.charAt(i) : (char) ' ';
    if (c >= (char) 'a' && c <= (char) 'z' || c >= (char) 'A' && c <= (char) 'Z' || c >= (char) '0' && c <= (char) '9') { continue; }
    if (i > start) {
      def sets = words.get(s.substring(start, i));
      if (sets != null) { found |= ((Number) sets).longValue(); }
    }
    start = i + 1;
  }
  return found;
}`,
  inRange: `boolean inRange(def v, def atLeast, def below) {
  if (v instanceof List) {
    for (def item : (List) v) { if (!(item instanceof List) && inRange(item, atLeast, below)) { return true; } }
    return false;
  }
  return v instanceof Number && (atLeast == null || v >= atLeast) && (below == null || v < below);
}`,
};
