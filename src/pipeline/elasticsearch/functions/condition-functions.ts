/** Tests of conditions; mirrors `src/pipeline/local/compile-condition.ts`. */
export const CONDITION_FUNCTIONS: Readonly<Record<string, string>> = {
  has: `boolean has(def v, def scalar) {
  if (v instanceof List) {
    for (def item : (List) v) { if (item == scalar) { return true; } }
    return false;
  }
  return v == scalar;
}`,
  isIn: `boolean isIn(def v, Map values) {
  if (v instanceof List) {
    for (def item : (List) v) { if (values.containsKey(item)) { return true; } }
    return false;
  }
  return values.containsKey(v);
}`,
  inRange: `boolean inRange(def v, def atLeast, def below) {
  if (v instanceof List) {
    for (def item : (List) v) { if (!(item instanceof List) && inRange(item, atLeast, below)) { return true; } }
    return false;
  }
  return v instanceof Number && (atLeast == null || v >= atLeast) && (below == null || v < below);
}`,
};
